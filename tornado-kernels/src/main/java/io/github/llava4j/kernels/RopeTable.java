package io.github.llava4j.kernels;

/**
 * Cosines and sines of a batch' positions, [rows, headDim / 2] each. Frequencies and angles are rounded to float32 at
 * the same places as in transformers, whose numbers are the reference.
 */
@Internal
public final class RopeTable {

  private final int headDim;
  private final float theta;
  private final float[] cos;
  private final float[] sin;

  public RopeTable(int[] positions, int headDim, float theta) {
    this.headDim = headDim;
    this.theta = theta;
    int half = headDim / 2;
    cos = new float[positions.length * half];
    sin = new float[positions.length * half];
    for (int i = 0; i < half; i++) {
      float exponent = (float) (2 * i) / headDim;
      float frequency = 1f / (float) Math.pow(theta, exponent);
      for (int row = 0; row < positions.length; row++) {
        float angle = positions[row] * frequency;
        cos[row * half + i] = (float) Math.cos(angle);
        sin[row * half + i] = (float) Math.sin(angle);
      }
    }
  }

  /** Whether these are the rotations for such heads. */
  public boolean fits(int otherHeadDim, float otherTheta) {
    return headDim == otherHeadDim && theta == otherTheta;
  }

  public float[] cos() {
    return cos;
  }

  public float[] sin() {
    return sin;
  }
}
