package io.github.llava4j.image.vp8;

/**
 * From planes to RGB, to the last bit as libwebp converts by default. The RFC leaves this to the viewer.
 *
 * <p>Between chroma samples the picture is interpolated: a pixel takes nine parts of the nearest one, three of each of
 * the next ones beside and above or below it, and one of the one across. Colours are those of ITU-R BT.601, with luma
 * from 16 to 235, in fixed point.
 */
final class RgbConversion {

  private static final int COLOR_SHIFT = 6;

  private RgbConversion() {}

  /** The upper left part of the planes as RGB bytes, row by row. */
  static byte[] convert(Planes planes, int width, int height) {
    byte[] rgb = new byte[3 * width * height];
    int lastX = (width - 1) / 2;
    int lastY = (height - 1) / 2;
    int to = 0;
    for (int y = 0; y < height; y++) {
      int near = planes.blue().index(0, y / 2);
      int far = planes.blue().index(0, Math.clamp(y / 2 + neighbour(y), 0, lastY));
      int luma = planes.luma().index(0, y);
      for (int x = 0; x < width; x++) {
        int nearX = x / 2;
        int farX = Math.clamp(nearX + neighbour(x), 0, lastX);
        int blue = interpolate(planes.blue(), near, far, nearX, farX);
        int red = interpolate(planes.red(), near, far, nearX, farX);
        convert(planes.luma().get(luma + x), blue, red, rgb, to);
        to += 3;
      }
    }
    return rgb;
  }

  /** Which way the second nearest chroma sample lies. */
  private static int neighbour(int place) {
    return place % 2 == 0 ? -1 : 1;
  }

  private static int interpolate(Plane plane, int nearRow, int farRow, int nearX, int farX) {
    return 9 * plane.get(nearRow + nearX)
        + 3 * (plane.get(nearRow + farX) + plane.get(farRow + nearX))
        + plane.get(farRow + farX)
        + 8 >> 4;
  }

  private static void convert(int luma, int blue, int red, byte[] rgb, int to) {
    int light = scaled(luma, 19077);
    rgb[to] = color(light + scaled(red, 26149) - 14234);
    rgb[to + 1] = color(light - scaled(blue, 6419) - scaled(red, 13320) + 8708);
    rgb[to + 2] = color(light + scaled(blue, 33050) - 17685);
  }

  private static int scaled(int value, int factor) {
    return value * factor >> 8;
  }

  private static byte color(int value) {
    return (byte) Math.clamp(value >> COLOR_SHIFT, 0, 255);
  }
}
