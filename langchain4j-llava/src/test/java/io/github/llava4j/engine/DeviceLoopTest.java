package io.github.llava4j.engine;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Consumer;
import java.util.function.Function;

import io.github.llava4j.checkpoint.Checkpoint;
import io.github.llava4j.checkpoint.ModelSource;
import io.github.llava4j.kernels.Backend;
import io.github.llava4j.kernels.Batch;
import io.github.llava4j.kernels.Buffer;
import io.github.llava4j.kernels.CompileOptions;
import io.github.llava4j.kernels.Compiled;
import io.github.llava4j.kernels.Limits;
import io.github.llava4j.kernels.Program;
import io.github.llava4j.kernels.select.Backends;
import io.github.llava4j.model.LlavaModel;
import io.github.llava4j.model.Output;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

/** What the engine's thread asks of a device. */
class DeviceLoopTest {

  private static final Path MODEL = Path.of("src/test/resources/goldens/next-vicuna/model");
  private static final int TOKENS = 6;

  /** Names of the outputs that each run of the decoder brought back, if there were any. */
  private final List<List<String>> fetched = new ArrayList<>();

  /** A backend that notes what is wanted of it. */
  private final class Recording implements Backend {
    private final Backend backend = Backends.open("scalar", 1);

    @Override
    public String id() {
      return backend.id();
    }

    @Override
    public String describe() {
      return backend.describe();
    }

    @Override
    public Compiled compile(Program program, CompileOptions options) {
      Compiled compiled = backend.compile(program, options);
      return new Compiled() {
        @Override
        public Program program() {
          return program;
        }

        @Override
        public Map<Buffer, float[]> run(Batch batch, Map<Buffer, float[]> inputs, List<Buffer> wanted) {
          if (batch.outputs().length > 0) {
            fetched.add(wanted.stream().map(Buffer::name).toList());
          }
          return compiled.run(batch, inputs, wanted);
        }

        @Override
        public void copySlot(int from, int to, int length) {
          compiled.copySlot(from, to, length);
        }

        @Override
        public void abort() {
          compiled.abort();
        }

        @Override
        public void close() {
          compiled.close();
        }
      };
    }

    @Override
    public void close() {
      backend.close();
    }
  }

  private List<List<Integer>> run(boolean traced, Sampling... samplings) {
    return run(traced, generation -> { }, samplings).stream().map(GenerationResult::tokenIds).toList();
  }

  /** @param admitted is given each request when it has its slot */
  private List<GenerationResult> run(boolean traced, Consumer<Generation> admitted, Sampling... samplings) {
    try (Checkpoint files = Checkpoint.open(ModelSource.of(MODEL, null))) {
      return run(LlavaModel.of(files, null, traced ? Output.ALL : Set.of()), traced, admitted, samplings);
    }
  }

  private List<GenerationResult> run(
      LlavaModel model, boolean traced, Consumer<Generation> admitted, Sampling... samplings) {
    try (Backend backend = new Recording();
        DeviceLoop loop =
            new DeviceLoop(
                model, backend, CompileOptions.of(new Limits(8, samplings.length, 64)), new BudgetCache<>(0, row -> row.length), ticket -> { })) {
      Prompt prompt = new Prompt(new int[] {1, 5, 9, 13, 17, 21, 25, 29, 33, 37, 41}, List.of(), 0);
      List<Generation> generations = new ArrayList<>();
      Function<Sampling, Ticket> ticket = sampling -> {
        Generation generation = new Generation(new GenerationListener() { }, null, () -> { });
        generations.add(generation);
        GenerationRequest request = new GenerationRequest(List.of(), List.of(), sampling, TOKENS, List.of(), traced);
        Ticket own = new Ticket(0);
        own.work(new Sequence(request, prompt, generation, model, 64));
        return own;
      };
      Arrays.stream(samplings).map(ticket).forEach(loop::admit);
      generations.forEach(admitted);
      while (!loop.isIdle()) {
        loop.step();
      }
      return generations.stream().map(Generation::await).toList();
    }
  }

  @Test
  void aPlainGreedyAnswerNeedsNoLogits() {
    List<Integer> greedy = run(false, Sampling.GREEDY).getFirst();
    assertThat(greedy).hasSize(TOKENS);
    assertThat(fetched).hasSize(TOKENS).containsOnly(List.of("greedy"));
    // A penalty of nothing worth mentioning: the same tokens, chosen from logits.
    fetched.clear();
    Sampling penalized = new Sampling(0, 0, 1, 0, 1, 0, 1e-12, 0);
    assertThat(run(false, penalized).getFirst()).isEqualTo(greedy);
    assertThat(fetched).hasSize(TOKENS).containsOnly(List.of("logits"));
  }

  @Test
  void whoDrawsNeedsLogits() {
    Sampling drawing = new Sampling(1, 0, 1, 0, 1, 0, 0, 1);
    List<Integer> greedy = run(false, Sampling.GREEDY).getFirst();
    fetched.clear();
    // Both together: the greedy one takes the same tokens from the logits that the other one needs.
    assertThat(run(false, drawing, Sampling.GREEDY).getLast()).isEqualTo(greedy);
    assertThat(fetched).contains(List.of("logits"));
  }

  @Test
  void aTraceNeedsTheLogitsOfThePromptOnly() {
    List<Integer> greedy = run(false, Sampling.GREEDY).getFirst();
    fetched.clear();
    assertThat(run(true, Sampling.GREEDY).getFirst()).isEqualTo(greedy);
    assertThat(fetched.getFirst()).containsExactly("logits", "hiddenStates");
    assertThat(fetched.subList(1, fetched.size())).hasSize(TOKENS - 1).containsOnly(List.of("greedy"));
  }

  @Test
  void aRequestThatEndsBeforeItsPromptIsComputedHasNoTrace() {
    GenerationResult cancelled = run(true, Generation::cancel, Sampling.GREEDY).getFirst();
    assertThat(cancelled.finishReason()).isEqualTo(FinishReason.CANCELLED);
    assertThat(cancelled.trace()).isNull();
    assertThat(run(true, generation -> { }, Sampling.GREEDY).getFirst().trace()).isNotNull();
  }
}
