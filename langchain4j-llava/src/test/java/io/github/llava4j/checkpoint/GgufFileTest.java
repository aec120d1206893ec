package io.github.llava4j.checkpoint;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.Channels;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.function.Consumer;

import io.github.llava4j.CheckpointException;
import io.github.llava4j.kernels.tensor.DType;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

/** Reading and writing, and every check of llava-spec 7.1. */
class GgufFileTest {

  @Test
  void readsBackWhatWasWritten() throws IOException {
    GgufFile file = GgufFile.read(CheckpointFiles.inMemory(written()));
    GgufMetadata metadata = file.metadata();
    assertThat(metadata.keys()).containsExactly("s", "b", "i", "f", "ss", "fs", "is");
    assertThat(metadata.string("s")).contains("grüße");
    assertThat(metadata.bool("b")).contains(true);
    assertThat(metadata.integer("i")).hasValue(4_000_000_000L);
    assertThat(metadata.number("f")).hasValue(1.5);
    assertThat(metadata.number("i")).hasValue(4e9);
    assertThat(metadata.strings("ss").orElseThrow()).containsExactly("", "▁a");
    assertThat(metadata.floats("fs").orElseThrow()).containsExactly(1, -2);
    assertThat(metadata.integers("is").orElseThrow()).containsExactly(3, -4);
    assertThat(metadata.string("none")).isEmpty();
    assertThat(file.tensors()).extracting(StoredTensor::name).containsExactly("a", "q");
    assertThat(file.tensors().get(0).as("x", new int[] {2, 3}).toFloats()).containsExactly(0, 1, 2, 3, 4, 5);
    assertThat(file.tensors().get(1).type()).isEqualTo(DType.Q8_0);
    assertThat(file.tensors().get(1).data().byteSize()).isEqualTo(68);
  }

  @Test
  void namesTheKeyOfAValueOfAnotherType() throws IOException {
    GgufMetadata metadata = GgufFile.readMetadata(CheckpointFiles.inMemory(written()));
    assertThatThrownBy(() -> metadata.integer("s"))
        .isInstanceOf(CheckpointException.class)
        .hasMessage("test.bin: s: expected an integer, found STRING");
    assertThatThrownBy(() -> metadata.string("ss")).hasMessageContaining("expected a string, found an array of STRING");
    assertThatThrownBy(() -> metadata.floats("ss")).hasMessageContaining("expected an array of numbers");
  }

  @Test
  void theWriterRefusesDataThatDoesNotFit() throws IOException {
    GgufWriter writer = new GgufWriter(Channels.newChannel(new ByteArrayOutputStream()));
    writer.put("k", 1).tensor("a", DType.F32, 2);
    assertThatThrownBy(() -> writer.put("k", 2)).isInstanceOf(IllegalArgumentException.class);
    assertThatThrownBy(() -> writer.tensor("a", DType.F32, 1)).isInstanceOf(IllegalArgumentException.class);
    assertThatThrownBy(() -> writer.tensor("b", DType.Q8_0, 33)).isInstanceOf(IllegalArgumentException.class);
    assertThatThrownBy(() -> writer.data(ByteBuffer.allocate(9))).isInstanceOf(IllegalStateException.class);
    assertThatThrownBy(() -> writer.tensor("c", DType.F32, 1)).isInstanceOf(IllegalStateException.class);
    writer.data(ByteBuffer.allocate(4));
    assertThatThrownBy(writer::close).isInstanceOf(IllegalStateException.class).hasMessageContaining("a");
  }

  @ParameterizedTest
  @CsvSource({
    "1, GGUF version 1 is not supported", "0, GGUF version 0", "4, GGUF version 4", "0x03000000, big-endian",
    "0x02000000, big-endian"
  })
  void refusesOtherVersions(String version, String message) {
    assertRefused(b -> header(b, Integer.decode(version), 0, 0), message);
  }

  @Test
  void readsVersion2() {
    assertThat(GgufFile.read(CheckpointFiles.inMemory(file(b -> header(b, 2, 0, 0)))).tensors()).isEmpty();
  }

  @ParameterizedTest
  @ValueSource(longs = {1 << 20, -1, Long.MAX_VALUE})
  void refusesCountsBeyondTheFile(long count) {
    assertRefused(b -> header(b, 3, count, 0), "the number of tensors");
    assertRefused(b -> header(b, 3, 0, count), "the number of metadata pairs");
    assertRefused(
        b -> {
          header(b, 3, 0, 1);
          string(b, "key").putInt(9).putInt(6).putLong(count);
        },
        "the number of elements of key");
    assertRefused(
        b -> {
          header(b, 3, 0, 1);
          string(b, "key").putInt(8).putLong(count);
        },
        "");
  }

  @Test
  void refusesDamagedMetadata() {
    assertRefused(b -> string(header(b, 3, 0, 1), "key").putInt(13).putInt(0), "key has unknown value type 13");
    assertRefused(b -> string(header(b, 3, 0, 1), "key").putInt(-1).putInt(0), "key has unknown value type 4294967295");
    assertRefused(b -> string(header(b, 3, 0, 1), "key").putInt(9).putInt(9).putLong(0), "array of arrays");
    assertRefused(b -> string(header(b, 3, 0, 1), "key").putInt(7).put((byte) 2), "must be 0 or 1, not 2");
    assertRefused(
        b -> string(string(header(b, 3, 0, 2), "key").putInt(4).putInt(1), "key").putInt(4).putInt(1),
        "the key key is there twice");
    assertRefused(
        b -> string(header(b, 3, 0, 1), "general.alignment").putInt(4).putInt(33), "33 is no usable power of two");
  }

  @Test
  void refusesDamagedTensors() {
    assertRefused(b -> info(header(b, 3, 1, 0), "n".repeat(64), 0, 0, 1), "64 bytes, more than 63");
    assertRefused(b -> info(header(b, 3, 1, 0), "a", 0, 0), "tensor a has 0 dimensions");
    assertRefused(b -> info(header(b, 3, 1, 0), "a", 0, 0, 1, 1, 1, 1, 1), "tensor a has 5 dimensions");
    assertRefused(b -> info(header(b, 3, 1, 0), "a", 0, 0, 4, 0), "tensor a has a dimension of 0");
    assertRefused(b -> info(header(b, 3, 1, 0), "a", 0, 0, 1L << 40, 1L << 40), "impossible shape");
    assertRefused(b -> info(header(b, 3, 1, 0), "a", 23, 0, 256), "tensor a has type 23 (IQ4_XS)");
    assertRefused(b -> info(header(b, 3, 1, 0), "a", 4711, 0, 256), "tensor a has type 4711 (not defined)");
    assertRefused(b -> info(header(b, 3, 1, 0), "a", 12, 0, 128), "no whole number of Q4_K blocks of 256");
    assertRefused(b -> info(header(b, 3, 1, 0), "a", 0, 32, 1), "lies at offset 32, expected 0");
    assertRefused(b -> info(info(header(b, 3, 2, 0), "a", 0, 0, 1), "a", 0, 32, 1), "tensor a is there twice");
    assertRefused(b -> info(info(header(b, 3, 2, 0), "a", 0, 0, 1), "b", 0, 16, 1), "lies at offset 16, expected 32");
    assertRefused(b -> info(header(b, 3, 1, 0), "a", 0, 0, 1024), "truncated: tensor a of 4096 bytes");
  }

  @Test
  void saysHowMuchIsMissingOfATruncatedFile() throws IOException {
    byte[] whole = written();
    assertThatThrownBy(() -> GgufFile.read(CheckpointFiles.inMemory(Arrays.copyOf(whole, whole.length - 32 + 4 - 5))))
        .hasMessageContaining("tensor q of 68 bytes ends 5 bytes behind the end");
    for (int length = 0; length < whole.length - 28; length++) {
      byte[] part = Arrays.copyOf(whole, length);
      assertThatThrownBy(() -> GgufFile.read(CheckpointFiles.inMemory(part))).isInstanceOf(CheckpointException.class);
    }
  }

  private static byte[] written() throws IOException {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    try (GgufWriter writer = new GgufWriter(Channels.newChannel(bytes))) {
      writer.put("s", "grüße").put("b", true).put("i", (int) 4_000_000_000L).put("f", 1.5f);
      writer.put("ss", List.of("", "▁a")).put("fs", new float[] {1, -2}).put("is", new int[] {3, -4});
      writer.tensor("a", DType.F32, 2, 3).tensor("q", DType.Q8_0, 2, 32);
      ByteBuffer values = ByteBuffer.allocate(24).order(ByteOrder.LITTLE_ENDIAN);
      for (int i = 0; i < 6; i++) {
        values.putFloat(i);
      }
      writer.data(values.slice(0, 20));
      writer.data(values.slice(20, 4));
      writer.data(ByteBuffer.allocate(68));
    }
    return bytes.toByteArray();
  }

  private static void assertRefused(Consumer<ByteBuffer> content, String message) {
    byte[] bytes = file(content);
    assertThatThrownBy(() -> GgufFile.read(CheckpointFiles.inMemory(bytes)))
        .isInstanceOf(CheckpointException.class)
        .hasMessageContainingAll("test.bin", message);
  }

  private static byte[] file(Consumer<ByteBuffer> content) {
    ByteBuffer bytes = ByteBuffer.allocate(1000).order(ByteOrder.LITTLE_ENDIAN);
    content.accept(bytes);
    return bytes.array();
  }

  private static ByteBuffer header(ByteBuffer b, int version, long tensors, long pairs) {
    return b.put("GGUF".getBytes(StandardCharsets.US_ASCII)).putInt(version).putLong(tensors).putLong(pairs);
  }

  private static ByteBuffer string(ByteBuffer b, String text) {
    return b.putLong(text.length()).put(text.getBytes(StandardCharsets.US_ASCII));
  }

  private static ByteBuffer info(ByteBuffer b, String name, int type, long offset, long... dimensions) {
    string(b, name).putInt(dimensions.length);
    for (long dimension : dimensions) {
      b.putLong(dimension);
    }
    return b.putInt(type).putLong(offset);
  }
}
