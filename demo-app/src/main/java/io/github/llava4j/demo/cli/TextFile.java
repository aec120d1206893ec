package io.github.llava4j.demo.cli;

import java.io.BufferedInputStream;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;

/** A text file as editors write them: UTF-8, or what a byte order mark at its beginning says. */
final class TextFile {

  private static final int LONGEST_MARK = 3;

  private TextFile() {}

  /** A mark, and what is written after it. */
  private enum Mark {
    UTF_8(StandardCharsets.UTF_8, 0xef, 0xbb, 0xbf),
    UTF_16_LE(StandardCharsets.UTF_16LE, 0xff, 0xfe),
    UTF_16_BE(StandardCharsets.UTF_16BE, 0xfe, 0xff),
    NONE(StandardCharsets.UTF_8);

    private final Charset charset;
    private final int[] bytes;

    Mark(Charset charset, int... bytes) {
      this.charset = charset;
      this.bytes = bytes;
    }

    private boolean begins(byte[] start) {
      for (int i = 0; i < bytes.length; i++) {
        if (i >= start.length || Byte.toUnsignedInt(start[i]) != bytes[i]) {
          return false;
        }
      }
      return true;
    }
  }

  /** Opens a file behind its mark. */
  static BufferedReader open(Path file) throws IOException {
    InputStream in = new BufferedInputStream(Files.newInputStream(file));
    try {
      in.mark(LONGEST_MARK);
      byte[] start = in.readNBytes(LONGEST_MARK);
      in.reset();
      for (Mark mark : Mark.values()) {
        if (mark.begins(start)) {
          in.skipNBytes(mark.bytes.length);
          return new BufferedReader(new InputStreamReader(in, mark.charset));
        }
      }
      throw new AssertionError("no mark is a mark, too");
    } catch (IOException | RuntimeException e) {
      in.close();
      throw e;
    }
  }
}
