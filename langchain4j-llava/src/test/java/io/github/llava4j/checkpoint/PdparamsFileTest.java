package io.github.llava4j.checkpoint;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

import com.fasterxml.jackson.databind.JsonNode;
import io.github.llava4j.CheckpointException;
import io.github.llava4j.testing.GoldenFiles;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.data.Offset.offset;

class PdparamsFileTest {

  /** The samples of llava-spec 6.4: a.weight f16 [[1,2,3],[4,5,6]] and b as bfloat16 bits of 1 and -0.5. */
  private static final String PROTOCOL_4 =
      """
      8004952c010000000000007d94288c08612e776569676874948c156e756d70792e636f72652e6d756c74696172726179948c
      0c5f7265636f6e7374727563749493948c056e756d7079948c076e6461727261799493944b0085944301629487945294284b
      014b024b03869468058c0564747970659493948c02663294898887945294284b038c013c944e4e4e4affffffff4affffffff
      4b0074946289430c003c00400042004400450046947494628c016294680468074b008594680987945294284b014b02859468
      0e8c02753294898887945294284b0368124e4e4e4affffffff4affffffff4b00749462894304803f00bf947494628c1b5374
      7275637475726564546f506172616d657465724e616d654040947d942868018c0c6c696e6561725f302e775f309468168c07
      785f302e625f309475752e
      """;

  private static final String PROTOCOL_2 =
      """
      80027d7100285808000000612e7765696768747101636e756d70792e636f72652e6d756c746961727261790a5f7265636f6e
      7374727563740a7102636e756d70790a6e6461727261790a71034b00857104635f636f646563730a656e636f64650a710558
      0100000062710658060000006c6174696e31710786710852710987710a52710b284b014b024b0386710c636e756d70790a64
      747970650a710d58020000006632710e898887710f527110284b0358010000003c71114e4e4e4affffffff4affffffff4b00
      74711262896805580c000000003c004000420044004500467113680786711452711574711662580100000062711768026803
      4b00857118680987711952711a284b014b0285711b680d58020000007532711c898887711d52711e284b0368114e4e4e4aff
      ffffff4affffffff4b0074711f628968055806000000c2803f00c2bf7120680786712152712274712362581b000000537472
      75637475726564546f506172616d657465724e616d65404071247d7125286801580c0000006c696e6561725f302e775f3071
      2668175807000000785f302e625f30712775752e
      """;

  @ParameterizedTest
  @ValueSource(strings = {PROTOCOL_4, PROTOCOL_2})
  void readsTheSamples(String hex) {
    try (ModelFiles files = new ModelFiles()) {
      List<StoredTensor> tensors = read(files, bytes(hex));
      assertThat(tensors).extracting(StoredTensor::name).containsExactly("a.weight", "b");
      assertThat(tensors.get(0).as("a", new int[] {2, 3}).toFloats()).containsExactly(1, 2, 3, 4, 5, 6);
      assertThat(tensors.get(1).as("b", new int[] {2}).toFloats()).containsExactly(1, -0.5f);
      assertThat(tensors.get(0).transposed().as("a", new int[] {3, 2}).toFloats())
          .containsExactly(1, 4, 2, 5, 3, 6);
    }
  }

  @Test
  void readsFortranOrder() {
    String hex = PROTOCOL_4.replace("\n", "").replaceFirst("89430c003c", "88430c003c");
    try (ModelFiles files = new ModelFiles()) {
      StoredTensor a = read(files, bytes(hex)).getFirst();
      assertThat(a.as("a", new int[] {2, 3}).toFloats()).containsExactly(1, 3, 5, 2, 4, 6);
      assertThat(a.transposed().as("a", new int[] {3, 2}).toFloats()).containsExactly(1, 2, 3, 4, 5, 6);
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {
    "state_dict_protocol4", "state_dict_protocol4_numpy2", "state_dict_float32_protocol2", "plain_numpy_dict",
    "nested_tensors", "big_param_slices_protocol2"
  })
  void readsWhatPaddleSaveWrites(String name) {
    JsonNode expected = GoldenFiles.json("pdparams/small/expected.json");
    try (ModelFiles files = new ModelFiles()) {
      Map<String, StoredTensor> tensors =
          PdparamsFile.read(files, files.map(GoldenFiles.path("pdparams/small/" + name + ".pdparams"))).stream()
              .collect(Collectors.toMap(StoredTensor::name, t -> t));
      assertThat(tensors).hasSize(expected.size());
      expected.properties().forEach(field -> assertValues(tensors.get(field.getKey()), field.getValue()));
    }
  }

  @Test
  void readsASingleTensor() {
    JsonNode expected = GoldenFiles.json("pdparams/small/expected.json").get("llama.image_newline");
    try (ModelFiles files = new ModelFiles()) {
      List<StoredTensor> tensors =
          PdparamsFile.read(files, files.map(GoldenFiles.path("pdparams/small/image_newline.pdparams")));
      assertThat(tensors).hasSize(1);
      assertValues(tensors.getFirst(), expected);
    }
  }

  private static void assertValues(StoredTensor tensor, JsonNode expected) {
    int[] shape = new int[expected.get("shape").size()];
    for (int i = 0; i < shape.length; i++) {
      shape[i] = expected.get("shape").get(i).asInt();
    }
    float[] values = tensor.as(tensor.name(), shape).toFloats();
    double sum = 0;
    for (float value : values) {
      sum += value;
    }
    assertThat(sum).isCloseTo(expected.get("sum_float64").asDouble(), offset(1e-9));
    for (int i = 0; i < 8; i++) {
      assertThat(values[i]).isEqualTo((float) expected.get("first8").get(i).asDouble());
    }
    assertThat(values[values.length - 1]).isEqualTo((float) expected.get("last").asDouble());
  }

  @ParameterizedTest
  @CsvSource({
    "os, system", "builtins, eval", "__builtin__, eval", "builtins, getattr", "posix, system", "paddle.base, Tensor",
    "numpy, load", "numpy.core.multiarray, fromfile", "subprocess, Popen", "collections, deque"
  })
  void callsNothingElse(String module, String name) {
    byte[] global = pickle("c" + module + "\n" + name + "\n)R.");
    try (ModelFiles files = new ModelFiles()) {
      assertThatThrownBy(() -> read(files, global))
          .isInstanceOf(CheckpointException.class)
          .hasMessageContaining("wants to use " + module + "." + name);
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {
    "(i", "P1\n.", "Q.", "\u0081.", "\u0082\u0001.", "\u0092.", "o.", "\u0097.", "\u0098.", "2.", "\u0096.", "I1\n."
  })
  void knowsNoOtherOpcodes(String program) {
    try (ModelFiles files = new ModelFiles()) {
      assertThatThrownBy(() -> read(files, pickle(program)))
          .isInstanceOf(CheckpointException.class)
          .hasMessageContaining("pickle opcode 0x");
    }
  }

  @ParameterizedTest
  @CsvSource(
      quoteCharacter = '`',
      value = {
        "`.`, a value is missing", "`h\u0007.`, did not store", "`}}.`, values", "`}s.`, a value is missing",
        "`}(N.`, values", "`t.`, a value is missing", "`}K\u0001a.`, expected Sequence", "`}.x`, bytes left over",
        "`cnumpy\ndtype\n}R.`, expected Sequence", "`cnumpy\ndtype\n)R.`, too few",
        "`cnumpy\nndarray\n)R.`, calls numpy.ndarray itself", "`}(K\u0001u.`, key without a value",
        "`X\u0005\u0000\u0000\u0000ab`, truncated", "`\u008a\u0009aaaaaaaaa.`, a number of 9 bytes",
        "`}q\u0000(K\u0001h\u0000u.`, contain each other"
      })
  void refusesDamagedPickles(String program, String message) {
    try (ModelFiles files = new ModelFiles()) {
      assertThatThrownBy(() -> read(files, pickle(program)))
          .isInstanceOf(CheckpointException.class)
          .hasMessageContainingAll("test.bin", message);
    }
  }

  @ParameterizedTest
  @CsvSource({
    "4b014b024b0386, 4b014b024b0486, 'tensor a.weight has 12 bytes, but f2 of shape [2, 4] needs 16'",
    "8c013c94, 8c013e94, 'tensor a.weight is big-endian'",
    "8c02663294, 8c02633894, 'tensor a.weight has type c8'",
    "8004, 8005, pickle protocol 5 is not supported",
    "4b014b024b0386, 4b014b024aeeeeeeee86, impossible shape"
  })
  void refusesArraysThatDoNotFit(String from, String to, String message) {
    String hex = PROTOCOL_4.replace("\n", "").replaceFirst(from, to);
    try (ModelFiles files = new ModelFiles()) {
      assertThatThrownBy(() -> read(files, bytes(hex)))
          .isInstanceOf(CheckpointException.class)
          .hasMessageContaining(message);
    }
  }

  @Test
  void refusesTextThatIsNoLatin1() {
    String hex = PROTOCOL_2.replace("\n", "").replaceFirst("c2803f00c2bf", "c4803f00c2bf");
    try (ModelFiles files = new ModelFiles()) {
      assertThatThrownBy(() -> read(files, bytes(hex))).hasMessageContaining("tensor b: its text is not latin1");
    }
  }

  private static List<StoredTensor> read(ModelFiles files, byte[] bytes) {
    return PdparamsFile.read(files, CheckpointFiles.inMemory(bytes));
  }

  static byte[] bytes(String hex) {
    return HexFormat.of().parseHex(hex.replace("\n", ""));
  }

  private static byte[] pickle(String program) {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    bytes.write(0x80);
    bytes.write(2);
    bytes.writeBytes(program.getBytes(StandardCharsets.ISO_8859_1));
    return bytes.toByteArray();
  }
}
