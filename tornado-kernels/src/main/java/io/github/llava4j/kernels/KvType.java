package io.github.llava4j.kernels;

/** How a {@link KvCache} keeps its values. */
public enum KvType {
  /** As they were computed: the reference. */
  F32(Float.BYTES),
  /** Rounded to half precision, which halves the cache; what lies beyond 65,504 becomes infinite. */
  F16(Short.BYTES);

  private final int bytes;

  KvType(int bytes) {
    this.bytes = bytes;
  }

  /** Bytes per value. */
  public int bytes() {
    return bytes;
  }
}
