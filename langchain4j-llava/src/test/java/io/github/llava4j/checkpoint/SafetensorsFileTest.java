package io.github.llava4j.checkpoint;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

import io.github.llava4j.CheckpointException;
import io.github.llava4j.kernels.tensor.DType;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

/** Every check of llava-spec 7.3. */
class SafetensorsFileTest {

  private static final String TWO =
      """
      {"__metadata__":{"format":"pt"},
       "b":{"dtype":"F16","shape":[3],"data_offsets":[8,14]},
       "a":{"dtype":"F32","shape":[1,2],"data_offsets":[0,8]}}\
      """;

  @TempDir Path temp;

  @Test
  void readsTensorsInAnyOrder() {
    List<StoredTensor> tensors = read(TWO + "   ", 14);
    assertThat(tensors).extracting(StoredTensor::name).containsExactly("b", "a");
    assertThat(tensors.get(0).type()).isEqualTo(DType.F16);
    assertThat(tensors.get(1).shape()).containsExactly(1, 2);
    assertThat(tensors.get(1).data().byteSize()).isEqualTo(8);
  }

  @Test
  void readsScalarsAndEmptyTensors() {
    List<StoredTensor> tensors =
        read(
            """
            {"s":{"dtype":"I64","shape":[],"data_offsets":[0,8]},
             "e":{"dtype":"BF16","shape":[0,4],"data_offsets":[8,8]}}\
            """,
            8);
    assertThat(tensors).hasSize(2);
    assertThat(tensors.getFirst().type()).isNull();
    assertThatThrownBy(() -> tensors.getFirst().as("llm.norm", new int[0]))
        .isInstanceOf(CheckpointException.class)
        .hasMessageContainingAll("test.bin", "tensor s", "I64", "BF16");
  }

  @Test
  void readsPaddlesUnsignedNumbersAsBfloat16() {
    assertThat(read("{'a':{'dtype':'U16','shape':[1],'data_offsets':[0,2]}}".replace('\'', '"'), 2).getFirst().type())
        .isEqualTo(DType.BF16);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "{'a':{'dtype':'F32','shape':[2],'data_offsets':[0,4]}}|4|needs 8 bytes",
        "{'a':{'dtype':'F32','shape':[2],'data_offsets':[8,0]}}|8|needs 8 bytes",
        "{'a':{'dtype':'F32','shape':[1],'data_offsets':[0,4]}}|2|2 of 4 bytes of tensor a are missing",
        "{'a':{'dtype':'F32','shape':[1],'data_offsets':[0,4]}}|6|2 bytes follow after the last tensor",
        "{'a':{'dtype':'F32','shape':[1],'data_offsets':[2,6]}}|6|there is a hole",
        "{'a':{'dtype':'U8','shape':[4],'data_offsets':[0,4]},'b':{'dtype':'U8','shape':[4],'data_offsets':[2,6]}}|6"
            + "|they overlap",
        "{'a':{'dtype':'F99','shape':[1],'data_offsets':[0,4]}}|4|tensor a has unknown type F99",
        "{'a':{'dtype':'F32','shape':[-1],'data_offsets':[0,4]}}|4|expected a size, found -1",
        "{'a':{'dtype':'F32','shape':[1.5],'data_offsets':[0,4]}}|4|expected a size, found 1.5",
        "{'a':{'dtype':'F32','shape':[4294967296,4294967296],'data_offsets':[0,4]}}|4|impossible shape",
        "{'a':{'dtype':'F32','shape':[1],'data_offsets':[0]}}|4|two data_offsets",
        "{'a':{'shape':[1],'data_offsets':[0,4]}}|4|needs dtype",
        "{'a':{'dtype':'F32','shape':[1],'data_offsets':[0,4]},'a':{'dtype':'F32','shape':[1],'data_offsets':[0,4]}}|4"
            + "|Duplicate",
        "{'a':|0|not valid JSON",
        "{}{}|0|not valid JSON",
        "[]|0|does not start with {",
        "` {}`|0|does not start with {"
      })
  void refusesDamagedHeaders(String header, int dataBytes, String message) {
    assertThatThrownBy(() -> read(header.replace('\'', '"'), dataBytes))
        .isInstanceOf(CheckpointException.class)
        .hasMessageContainingAll("test.bin", message);
  }

  @ParameterizedTest
  @ValueSource(longs = {1000, 100_000_001, -1, Long.MAX_VALUE})
  void refusesImpossibleHeaderLengths(long length) {
    ByteBuffer bytes = ByteBuffer.allocate(100).order(ByteOrder.LITTLE_ENDIAN).putLong(length).put((byte) '{');
    assertThatThrownBy(() -> SafetensorsFile.read(CheckpointFiles.inMemory(bytes.array())))
        .isInstanceOf(CheckpointException.class);
  }

  @Test
  void saysHowManyBytesOfTheHeaderAreMissing() {
    ByteBuffer bytes = ByteBuffer.allocate(100).order(ByteOrder.LITTLE_ENDIAN).putLong(1000).put((byte) '{');
    assertThatThrownBy(() -> SafetensorsFile.read(CheckpointFiles.inMemory(bytes.array())))
        .hasMessageContaining("truncated")
        .hasMessageContaining("908 of them are missing");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "{'weight_map':{'a':'../x.safetensors'}}|not a plain file name",
        "{'weight_map':{'a':'/x.safetensors'}}|not a plain file name",
        "{'weight_map':{'a':'..'}}|not a plain file name",
        "{'weight_map':{'a':'d\\\\x'}}|not a plain file name",
        "{'weight_map':{'a':7}}|not a plain file name",
        "{'weight_map':{'a':'gone.safetensors'}}|names the file gone.safetensors, which is missing",
        "{'weight_map':{'a':'x.safetensors','b':'x.safetensors','c':'x.safetensors'}}|1 tensors are not where it says",
        "{'weight_map':{'a':'x.safetensors'}}|tensor b is not in this file according to i.json",
        "{'weight_map':7}|expected an object weight_map",
        "[]|expected a JSON object"
      })
  void refusesAnIndexThatDoesNotFit(String index, String message) throws Exception {
    Files.write(temp.resolve("x.safetensors"), bytes(TWO, 14));
    Path file = Files.writeString(temp.resolve("i.json"), index.replace('\'', '"'));
    try (ModelFiles files = new ModelFiles()) {
      assertThatThrownBy(() -> ShardIndex.read(files, file))
          .isInstanceOf(CheckpointException.class)
          .hasMessageContaining(message);
    }
  }

  private static List<StoredTensor> read(String header, int dataBytes) {
    return SafetensorsFile.read(CheckpointFiles.inMemory(bytes(header, dataBytes)));
  }

  static byte[] bytes(String header, int dataBytes) {
    byte[] json = header.getBytes(StandardCharsets.UTF_8);
    return ByteBuffer.allocate(8 + json.length + dataBytes)
        .order(ByteOrder.LITTLE_ENDIAN)
        .putLong(json.length)
        .put(json)
        .array();
  }
}
