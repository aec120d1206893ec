package io.github.llava4j.checkpoint;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Locale;

/** What a file is by its first bytes; names and extensions say nothing. */
enum FileKind {
  GGUF("a GGUF file"),
  SAFETENSORS("a safetensors file"),
  JSON("a JSON file"),
  PICKLE("a pickle"),
  TORCH("a PyTorch file (.bin, .pt): convert it to safetensors"),
  OLD_GGML("a file of the formats before GGUF: convert it again with a current llama.cpp"),
  WEB_PAGE("a web page in place of the file: download it again"),
  EMPTY("an empty file: download it again"),
  LFS_POINTER("a Git LFS pointer, not the file itself: run git lfs pull"),
  OTHER("no model file that is known here");

  /** How many bytes {@link #of} wants to see. */
  static final int HEAD = 64;

  private static final long LONGEST_SAFETENSORS_HEADER = 100_000_000;

  /** How torch.save began a file before version 1.6: a pickled number that says so. */
  private static final byte[] OLD_TORCH = {
    (byte) 0x80, 2, (byte) 0x8a, 10, 0x6c, (byte) 0xfc, (byte) 0x9c, 0x46, (byte) 0xf9, 0x20, 0x6a, (byte) 0xa8, 0x50, 0x19
  };

  private final String description;

  FileKind(String description) {
    this.description = description;
  }

  String description() {
    return description;
  }

  static FileKind of(byte[] head) {
    String text = new String(head, StandardCharsets.ISO_8859_1);
    if (head.length == 0) {
      return EMPTY;
    }
    if (text.startsWith("GGUF")) {
      return GGUF;
    }
    if (head.length >= 9 && head[8] == '{') {
      long length = ByteBuffer.wrap(head).order(ByteOrder.LITTLE_ENDIAN).getLong();
      if (length > 0 && length <= LONGEST_SAFETENSORS_HEADER) {
        return SAFETENSORS;
      }
    }
    if (head.length >= OLD_TORCH.length && Arrays.equals(head, 0, OLD_TORCH.length, OLD_TORCH, 0, OLD_TORCH.length)) {
      return TORCH;
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
    String start = text.stripLeading().toLowerCase(Locale.ROOT);
    if (start.startsWith("<!doctype html") || start.startsWith("<html")) {
      return WEB_PAGE;
    }
    return text.stripLeading().startsWith("{") ? JSON : OTHER;
  }
}
