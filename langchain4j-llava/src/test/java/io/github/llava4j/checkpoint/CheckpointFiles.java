package io.github.llava4j.checkpoint;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.foreign.MemorySegment;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.List;

import io.github.llava4j.config.LlavaConfig;
import io.github.llava4j.kernels.tensor.Tensor;

/** Files of weights that tests make. */
final class CheckpointFiles {

  private CheckpointFiles() {}

  static MappedFile inMemory(byte[] bytes) {
    return new MappedFile(Path.of("test.bin"), MemorySegment.ofArray(bytes).asReadOnly());
  }

  /** Writes vision tower and projector of {@code from} as an mmproj file, as current converters name things. */
  static void writeMmproj(Checkpoint from, Path file) {
    LlavaConfig.Vision v = from.config().vision();
    List<Tensor> tensors =
        from.tensors().values().stream().filter(t -> !t.name().startsWith("llm.")).toList();
    try (GgufWriter out =
        new GgufWriter(FileChannel.open(file, StandardOpenOption.CREATE, StandardOpenOption.WRITE))) {
      out.put("general.architecture", "clip").put("clip.projector_type", "mlp").put("clip.use_gelu", false);
      out.put("clip.vision.image_size", v.imageSize()).put("clip.vision.patch_size", v.patchSize());
      out.put("clip.vision.embedding_length", v.hidden()).put("clip.vision.feed_forward_length", v.intermediate());
      out.put("clip.vision.attention.head_count", v.heads()).put("clip.vision.block_count", v.layers());
      out.put("clip.vision.attention.layer_norm_epsilon", v.eps());
      if (from.config().projector().newline()) {
        out.put("clip.vision.mm_patch_merge_type", "spatial_unpad");
      }
      tensors.forEach(t -> out.tensor(GgufNames.gguf(t.name()), t.type(), t.shape()));
      for (Tensor tensor : tensors) {
        out.data(tensor.data().asByteBuffer());
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
