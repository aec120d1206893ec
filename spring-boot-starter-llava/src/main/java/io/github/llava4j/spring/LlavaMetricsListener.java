package io.github.llava4j.spring;

import java.time.Duration;

import dev.langchain4j.model.chat.listener.ChatModelErrorContext;
import dev.langchain4j.model.chat.listener.ChatModelListener;
import dev.langchain4j.model.chat.listener.ChatModelRequestContext;
import dev.langchain4j.model.chat.listener.ChatModelResponseContext;
import dev.langchain4j.model.chat.request.ChatRequest;
import io.github.llava4j.engine.Timings;
import io.github.llava4j.langchain4j.LlavaChatRequestParameters;
import io.github.llava4j.langchain4j.LlavaChatResponseMetadata;
import io.micrometer.core.instrument.DistributionSummary;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Tags;
import io.micrometer.core.instrument.Timer;
import org.jspecify.annotations.Nullable;

/**
 * Counts tokens and time under OpenTelemetry's names for generative AI, and the stages of an answer under
 * {@code llava.stage}. It may be attached to models of other providers too, which it does not count.
 */
final class LlavaMetricsListener implements ChatModelListener {

  private static final Object START = new Object();

  private final MeterRegistry registry;

  LlavaMetricsListener(MeterRegistry registry) {
    this.registry = registry;
  }

  @Override
  public void onRequest(ChatModelRequestContext context) {
    if (isOurs(context.chatRequest())) {
      context.attributes().put(START, System.nanoTime());
    }
  }

  @Override
  public void onResponse(ChatModelResponseContext context) {
    if (context.chatResponse().metadata() instanceof LlavaChatResponseMetadata metadata) {
      Tags tags = tags(context.chatRequest()).and("gen_ai.response.model", metadata.modelName());
      duration(context.attributes().get(START), tags.and("error.type", "none"));
      tokens("input", metadata.tokenUsage().inputTokenCount(), tags);
      tokens("output", metadata.tokenUsage().outputTokenCount(), tags);
      Timings timings = metadata.timings();
      if (timings != null) {
        stages(timings);
      }
    }
  }

  @Override
  public void onError(ChatModelErrorContext context) {
    if (isOurs(context.chatRequest())) {
      Tags tags = tags(context.chatRequest()).and("gen_ai.response.model", "none");
      duration(
          context.attributes().get(START), tags.and("error.type", context.error().getClass().getSimpleName()));
    }
  }

  private static boolean isOurs(ChatRequest request) {
    return request.parameters() instanceof LlavaChatRequestParameters;
  }

  private static Tags tags(ChatRequest request) {
    return Tags.of(
        "gen_ai.operation.name", "chat",
        "gen_ai.provider.name", "llava4j",
        "gen_ai.request.model", request.modelName());
  }

  private void duration(@Nullable Object start, Tags tags) {
    if (start instanceof Long nanos) {
      Timer.builder("gen_ai.client.operation.duration")
          .description("Time from a request to its answer")
          .tags(tags)
          .register(registry)
          .record(Duration.ofNanos(System.nanoTime() - nanos));
    }
  }

  private void tokens(String type, int count, Tags tags) {
    DistributionSummary.builder("gen_ai.client.token.usage")
        .description("Tokens of a request, those of pictures included, and of its answer")
        .baseUnit("tokens")
        .tags(tags.and("gen_ai.token.type", type))
        .register(registry)
        .record(count);
  }

  private void stages(Timings timings) {
    stage("image", timings.imageMs());
    stage("vision", timings.visionMs());
    stage("prefill", timings.prefillMs());
    stage("decode", timings.decodeMs());
  }

  private void stage(String name, double millis) {
    Timer.builder("llava.stage")
        .description("Where the time of an answer goes")
        .tag("stage", name)
        .register(registry)
        .record(Duration.ofNanos(Math.round(millis * 1e6)));
  }
}
