package io.github.llava4j.checkpoint;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Random;
import java.util.function.Consumer;

import io.github.llava4j.CheckpointException;
import io.github.llava4j.config.TensorCatalog;
import io.github.llava4j.testing.GoldenFiles;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

import static org.assertj.core.api.Assertions.fail;

/** Damaged files end in a CheckpointException or are read; never in anything else. Seeds are fixed. */
class FuzzTest {

  @TempDir Path temp;

  @ParameterizedTest
  @CsvSource({
    "next-vicuna/gguf/text-q4_0.gguf, 400, 30000", "next-vicuna/gguf/mmproj-model-f16.gguf, 400, 5000",
    "next-k256/gguf/text-q2_k.gguf, 200, 30000"
  })
  void gguf(String file, int rounds, int interesting) {
    fuzz(file, rounds, interesting, bytes -> {
      MappedFile mapped = CheckpointFiles.inMemory(bytes);
      GgufSource source = new GgufSource(mapped.path(), GgufFile.read(mapped));
      GgufMetadata metadata = source.metadata();
      if (source.tensors().containsKey("vit.cls")) {
        source.projector();
        TensorCatalog.vision(source.vision());
      } else {
        TensorCatalog.decoder(source.decoder());
      }
      for (String key : metadata.keys()) {
        readLeniently(metadata, key);
      }
    });
  }

  private static void readLeniently(GgufMetadata metadata, String key) {
    try {
      metadata.strings(key);
    } catch (CheckpointException e) {
      // another type
    }
    try {
      metadata.floats(key);
    } catch (CheckpointException e) {
      // another type
    }
  }

  @ParameterizedTest
  @CsvSource({"next-vicuna/model/model.safetensors, 400, 14000", "llava15/model/model.safetensors, 200, 12000"})
  void safetensors(String file, int rounds, int interesting) {
    fuzz(file, rounds, interesting, bytes -> SafetensorsFile.read(CheckpointFiles.inMemory(bytes)));
  }

  @ParameterizedTest
  @ValueSource(strings = {
    "small/state_dict_protocol4.pdparams", "small/nested_tensors.pdparams", "small/image_newline.pdparams",
    "small/big_param_slices_protocol2.pdparams", "small/state_dict_float32_protocol2.pdparams"
  })
  void pdparams(String file) {
    fuzz("pdparams/" + file, 800, 700, FuzzTest::readPdparams);
  }

  @ParameterizedTest
  @ValueSource(strings = {"Gb01\u0080\u0002", "}]()tR\u0093cnumpy\ndtype\nb.su"})
  void pickleOpcodesInAnyOrder(String alphabet) {
    Random random = new Random(5);
    String more =
        alphabet + "\u0085\u0086\u0087K\u0001q\u0001h\u0001\u0094X\u0001\u0000\u0000\u0000aC\u0001b(N\u0088ae";
    for (int i = 0; i < 5_000; i++) {
      byte[] bytes = new byte[2 + random.nextInt(60)];
      for (int b = 0; b < bytes.length; b++) {
        bytes[b] = (byte) more.charAt(random.nextInt(more.length()));
      }
      bytes[0] = (byte) 0x80;
      bytes[1] = 4;
      attempt("random pickle " + i, bytes, FuzzTest::readPdparams);
    }
  }

  private static void readPdparams(byte[] bytes) {
    try (ModelFiles files = new ModelFiles()) {
      PdparamsFile.read(files, CheckpointFiles.inMemory(bytes));
    }
  }

  @Test
  void wholeFolders() throws IOException {
    GoldenFiles.copy("next-vicuna/model", temp);
    Path config = temp.resolve("config.json");
    byte[] good = Files.readAllBytes(config);
    Random random = new Random(3);
    for (int i = 0; i < 300; i++) {
      Files.write(config, damaged(good, good.length, random, i));
      attempt("config.json " + i, good, ignored -> Checkpoint.open(ModelSource.of(temp, null)).close());
    }
  }

  @Test
  void shardIndexes() throws IOException {
    GoldenFiles.copy("llava15/model-sharded", temp);
    Path index = temp.resolve("model.safetensors.index.json");
    byte[] good = Files.readAllBytes(index);
    Random random = new Random(4);
    for (int i = 0; i < 300; i++) {
      Files.write(index, damaged(good, good.length, random, i));
      attempt("index " + i, good, ignored -> {
        try (ModelFiles files = new ModelFiles()) {
          ShardIndex.read(files, index);
        }
      });
    }
  }

  private static void fuzz(String file, int rounds, int interesting, Consumer<byte[]> reader) {
    byte[] good = GoldenFiles.bytes(GoldenFiles.path(file));
    reader.accept(good);
    Random random = new Random(file.hashCode());
    for (int i = 0; i < rounds; i++) {
      attempt(file + " " + i, damaged(good, interesting, random, i), reader);
    }
  }

  /** Changes a few bytes among the first {@code interesting} ones, or cuts the file off, or both. */
  private static byte[] damaged(byte[] good, int interesting, Random random, int round) {
    byte[] bytes = good.clone();
    int range = Math.min(interesting, good.length);
    for (int i = random.nextInt(4); i >= 0; i--) {
      int at = random.nextInt(range);
      bytes[at] =
          switch (random.nextInt(4)) {
            case 0 -> (byte) random.nextInt(256);
            case 1 -> (byte) (bytes[at] ^ 1 << random.nextInt(8));
            case 2 -> (byte) (random.nextBoolean() ? 0xff : 0x7f);
            default -> bytes[random.nextInt(range)];
          };
    }
    return round % 5 == 0 ? Arrays.copyOf(bytes, random.nextInt(bytes.length)) : bytes;
  }

  private static void attempt(String what, byte[] bytes, Consumer<byte[]> reader) {
    try {
      reader.accept(bytes);
    } catch (CheckpointException e) {
      // as it should be
    } catch (RuntimeException | Error e) {
      fail(what + " " + new String(bytes, 0, Math.min(60, bytes.length), StandardCharsets.ISO_8859_1), e);
    }
  }
}
