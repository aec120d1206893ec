package io.github.llava4j.image;

import java.awt.color.ColorSpace;
import java.awt.image.BufferedImage;
import java.awt.image.DataBuffer;
import java.awt.image.IndexColorModel;
import java.awt.image.Raster;
import java.awt.image.SinglePixelPackedSampleModel;
import java.io.IOException;

/** From what a plug-in decoded to RGB by Pillow's rules: samples are taken as stored, colour spaces ignored. */
final class RasterConversion {

  private RasterConversion() {}

  /**
   * @param wideGray whether samples wider than 8 bits are plain gray, which Pillow clips to 255; of all other wide
   *     samples it keeps the high byte
   */
  static Pixels toRgb(BufferedImage image, boolean wideGray) throws IOException {
    Raster raster = image.getRaster();
    boolean inks = raster.getNumBands() >= 4
        && image.getColorModel().getColorSpace().getType() == ColorSpace.TYPE_CMYK;
    Pixels pixels = Pixels.black(image.getWidth(), image.getHeight());
    for (int y = 0; y < pixels.height(); y++) {
      int to = 3 * pixels.width() * y;
      if (image.getColorModel() instanceof IndexColorModel palette) {
        lookup(raster, y, palette, pixels.rgb(), to);
      } else if (raster.getSampleModel() instanceof SinglePixelPackedSampleModel packed) {
        unpack(raster, y, packed, pixels.rgb(), to);
      } else {
        samples(raster, y, wideGray, inks, pixels.rgb(), to);
      }
    }
    return pixels;
  }

  private static void lookup(Raster raster, int y, IndexColorModel palette, byte[] rgb, int to) {
    int[] row = raster.getSamples(0, y, raster.getWidth(), 1, 0, (int[]) null);
    for (int index : row) {
      // An index beyond the palette is black.
      int color = index < palette.getMapSize() ? palette.getRGB(index) : 0;
      rgb[to++] = (byte) (color >> 16);
      rgb[to++] = (byte) (color >> 8);
      rgb[to++] = (byte) color;
    }
  }

  private static void unpack(Raster raster, int y, SinglePixelPackedSampleModel model, byte[] rgb, int to) {
    int[] row = raster.getPixels(0, y, raster.getWidth(), 1, (int[]) null);
    int bands = raster.getNumBands();
    for (int i = 0; i < row.length; i += bands) {
      for (int c = 0; c < 3; c++) {
        rgb[to++] = (byte) (row[i + c] * 255 / ((1 << model.getSampleSize(c)) - 1));
      }
    }
  }

  private static void samples(Raster raster, int y, boolean wideGray, boolean inks, byte[] rgb, int to)
      throws IOException {
    int bands = raster.getNumBands();
    byte[] row = switch (raster.getTransferType()) {
      case DataBuffer.TYPE_BYTE ->
          (byte[]) raster.getDataElements(0, y, raster.getWidth(), 1, new byte[bands * raster.getWidth()]);
      case DataBuffer.TYPE_USHORT -> narrow(raster.getPixels(0, y, raster.getWidth(), 1, (int[]) null), wideGray);
      case DataBuffer.TYPE_INT, DataBuffer.TYPE_SHORT ->
          narrow(raster.getPixels(0, y, raster.getWidth(), 1, (int[]) null), true);
      default -> throw new IOException("expected integer samples of 8, 16 or 32 bits");
    };
    if (bands < 3) {
      ColorConversion.gray(row, bands, rgb, to);
    } else if (inks) {
      ColorConversion.cmyk(row, bands, rgb, to);
    } else {
      ColorConversion.rgb(row, bands, rgb, to);
    }
  }

  private static byte[] narrow(int[] samples, boolean clip) {
    byte[] row = new byte[samples.length];
    for (int i = 0; i < row.length; i++) {
      row[i] = (byte) (clip ? Math.clamp(samples[i], 0, 255) : samples[i] >> 8);
    }
    return row;
  }
}
