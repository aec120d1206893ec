package io.github.llava4j.text;

import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;

import io.github.llava4j.kernels.Internal;
import org.jspecify.annotations.Nullable;

/** A prompt as the decoder takes it: runs of token ids with pictures between them. */
@Internal
public record TokenizedPrompt(List<Chunk> chunks) {

  public TokenizedPrompt {
    chunks = List.copyOf(chunks);
  }

  /** All ids in one array, one {@code imageTokenId} for each picture. */
  public int[] ids(int imageTokenId) {
    return chunks.stream()
        .flatMapToInt(
            chunk ->
                switch (chunk) {
                  case Chunk.Text text -> Arrays.stream(text.ids());
                  case Chunk.Image image -> IntStream.of(imageTokenId);
                })
        .toArray();
  }

  /** A stretch of the prompt that is either ids or one picture. */
  public sealed interface Chunk {

    /** Token ids, at least one; two chunks of text never touch. The array is not to be changed. */
    record Text(int[] ids) implements Chunk {

      @Override
      public boolean equals(@Nullable Object other) {
        return other instanceof Text text && Arrays.equals(ids, text.ids);
      }

      @Override
      public int hashCode() {
        return Arrays.hashCode(ids);
      }

      @Override
      public String toString() {
        return "Text" + Arrays.toString(ids);
      }
    }

    /** The picture with that index, counted from 0 in the order of the prompt. */
    record Image(int index) implements Chunk {}
  }
}
