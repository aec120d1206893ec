package io.github.llava4j.checkpoint;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;

/** What a file is by its first bytes; names and extensions say nothing. */
enum FileKind {
  GGUF("a GGUF file"),
  SAFETENSORS("a safetensors file"),
  JSON("a JSON file"),
  PICKLE("a pickle"),
  TORCH("a PyTorch file (.bin, .pt): convert it to safetensors"),
  OLD_GGML("a file of the formats before GGUF: convert it again with a current llama.cpp"),
  LFS_POINTER("a Git LFS pointer, not the file itself: run git lfs pull"),
  OTHER("no model file that is known here");

  /** How many bytes {@link #of} wants to see. */
  static final int HEAD = 64;

  private static final long LONGEST_SAFETENSORS_HEADER = 100_000_000;

  private final String description;

  FileKind(String description) {
    this.description = description;
  }

  String description() {
    return description;
  }

  static FileKind of(byte[] head) {
    String text = new String(head, StandardCharsets.ISO_8859_1);
    if (text.startsWith("GGUF")) {
      return GGUF;
    }
    if (head.length >= 9 && head[8] == '{') {
      long length = ByteBuffer.wrap(head).order(ByteOrder.LITTLE_ENDIAN).getLong();
      if (length > 0 && length <= LONGEST_SAFETENSORS_HEADER) {
        return SAFETENSORS;
      }
    }
    if (head.length >= 2 && (head[0] & 0xff) == 0x80 && head[1] >= 2 && head[1] <= 5) {
      return PICKLE;
    }
    if (text.startsWith("PK\3\4")) {
      return TORCH;
    }
    if (text.startsWith("lmgg") || text.startsWith("fmgg") || text.startsWith("tjgg") || text.startsWith("algg")) {
      return OLD_GGML;
    }
    if (text.startsWith("version https://git-lfs")) {
      return LFS_POINTER;
    }
    return text.stripLeading().startsWith("{") ? JSON : OTHER;
  }
}
