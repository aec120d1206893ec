package io.github.llava4j.engine;

import java.util.Arrays;

import io.github.llava4j.image.Tiles;
import io.github.llava4j.model.LlavaModel;

/**
 * A picture of a prompt on its way through the vision tower, tile by tile, until its embeddings are there. Used by one
 * thread at a time.
 */
final class PendingPicture {

  private final PictureKey key;
  private final int firstPosition;
  private final int positions;
  private final boolean traced;
  private Tiles tiles;
  private float[] projected = new float[0];
  private float[] features = new float[0];
  private int done;
  private float[] embeddings;

  /**
   * @param firstPosition of the prompt that the picture takes
   * @param positions how many it takes
   * @param tiles what is to be seen; null if {@code embeddings} are given
   * @param embeddings [positions, hidden], or null
   * @param traced whether intermediate results are kept
   */
  PendingPicture(
      PictureKey key, int firstPosition, int positions, Tiles tiles, float[] embeddings, boolean traced) {
    this.key = key;
    this.firstPosition = firstPosition;
    this.positions = positions;
    this.tiles = tiles;
    this.embeddings = embeddings;
    this.traced = traced;
  }

  PictureKey key() {
    return key;
  }

  int firstPosition() {
    return firstPosition;
  }

  int positions() {
    return positions;
  }

  boolean traced() {
    return traced;
  }

  /** Whether its embeddings are there. */
  boolean isSeen() {
    return embeddings != null;
  }

  /** How many of its tiles went through the vision tower. */
  int tilesDone() {
    return done;
  }

  int tileCount() {
    return tiles.count();
  }

  /** The next tile's pixels, [3, size, size]. */
  float[] nextTile() {
    int values = 3 * tiles.size() * tiles.size();
    return Arrays.copyOfRange(tiles.pixels(), done * values, (done + 1) * values);
  }

  /**
   * Takes what the vision tower made of the next tile; the last one completes the embeddings.
   *
   * @param tileFeatures null unless traced
   */
  void saw(float[] tileProjected, float[] tileFeatures, LlavaModel model) {
    projected = append(projected, tileProjected);
    if (tileFeatures != null) {
      features = append(features, tileFeatures);
    }
    done++;
    if (done == tiles.count()) {
      complete(model.merge(tiles, projected));
    }
  }

  private float[] append(float[] all, float[] tile) {
    float[] grown = all.length == 0 ? new float[tile.length * tiles.count()] : all;
    System.arraycopy(tile, 0, grown, done * tile.length, tile.length);
    return grown;
  }

  /** Takes embeddings from elsewhere and lets go of what they would have been made of. */
  void complete(float[] merged) {
    embeddings = merged;
    if (!traced) {
      projected = new float[0];
    }
  }

  float[] embeddings() {
    return embeddings;
  }

  /** Whether {@code position} of the prompt is one of this picture's. */
  boolean holds(int position) {
    return position >= firstPosition && position < firstPosition + positions;
  }

  /** Copies the embedding of a position of the prompt. */
  void embedding(int position, float[] out, int offset, int width) {
    System.arraycopy(embeddings, (position - firstPosition) * width, out, offset, width);
  }

  Trace.Image trace() {
    return new Trace.Image(tiles, features, projected, embeddings);
  }
}
