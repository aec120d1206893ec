package io.github.llava4j.checkpoint;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.lang.foreign.ValueLayout;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;

/** Cuts a PaddlePaddle state dictionary into two files and an index, as PaddleNLP saves large models. */
public final class PdparamsShards {

  private final ByteArrayOutputStream out = new ByteArrayOutputStream();

  private PdparamsShards() {}

  /** @param pattern the names of the two files, with %d for their numbers from 1 */
  public static void split(Path file, Path folder, String pattern) throws IOException {
    ObjectNode index = new ObjectMapper().createObjectNode();
    ObjectNode map = index.putObject("weight_map");
    try (ModelFiles files = new ModelFiles()) {
      List<StoredTensor> tensors = PdparamsFile.read(files, files.map(file));
      for (int shard = 1; shard <= 2; shard++) {
        int half = tensors.size() / 2;
        List<StoredTensor> part = shard == 1 ? tensors.subList(0, half) : tensors.subList(half, tensors.size());
        String name = pattern.formatted(shard);
        Files.write(folder.resolve(name), pickle(part));
        part.forEach(tensor -> map.put(tensor.name(), name));
      }
    }
    Files.writeString(folder.resolve("model_state.pdparams.index.json"), index.toString());
    Files.delete(file);
  }

  private static byte[] pickle(List<StoredTensor> tensors) {
    PdparamsShards pickle = new PdparamsShards();
    pickle.op("\u0080\u0004}(");
    tensors.forEach(pickle::tensor);
    pickle.op("u.");
    return pickle.out.toByteArray();
  }

  private void tensor(StoredTensor tensor) {
    text(tensor.name());
    op("cnumpy.core.multiarray\n_reconstruct\ncnumpy\nndarray\nK\0\u0085C\1b\u0087R(K\1(");
    for (long dimension : tensor.shape()) {
      op("J");
      out.writeBytes(little(4).putInt((int) dimension).array());
    }
    op("tcnumpy\ndtype\n");
    text(tensor.typeName());
    op("\u0089\u0088\u0087R(K\3");
    text("<");
    op("NNNJ\u00ff\u00ff\u00ff\u00ffJ\u00ff\u00ff\u00ff\u00ffK\0tb\u0089B");
    byte[] data = tensor.data().toArray(ValueLayout.JAVA_BYTE);
    out.writeBytes(little(4).putInt(data.length).array());
    out.writeBytes(data);
    op("tb");
  }

  private void text(String text) {
    byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
    op("X");
    out.writeBytes(little(4).putInt(bytes.length).array());
    out.writeBytes(bytes);
  }

  private void op(String codes) {
    out.writeBytes(codes.getBytes(StandardCharsets.ISO_8859_1));
  }

  private static ByteBuffer little(int bytes) {
    return ByteBuffer.allocate(bytes).order(ByteOrder.LITTLE_ENDIAN);
  }
}
