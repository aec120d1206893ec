package io.github.llava4j.model;

import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.function.Function;

import io.github.llava4j.config.LlavaConfig;
import io.github.llava4j.kernels.Buffer;
import io.github.llava4j.kernels.Buffer.Extent;
import io.github.llava4j.kernels.Internal;
import io.github.llava4j.kernels.KvCache;
import io.github.llava4j.kernels.Op;
import io.github.llava4j.kernels.Program;
import io.github.llava4j.kernels.Weight;
import io.github.llava4j.kernels.tensor.Tensor;
import org.jspecify.annotations.Nullable;

/**
 * The language model as a program: Llama 2 (Touvron et al. 2023) and Mistral, which differs in numbers only. Prefill is a
 * batch of many rows of a slot, decode one row of each slot.
 *
 * @param program takes token ids or, for pictures, rows of {@code embeddings}
 * @param embeddings input [rows, hidden]; only rows whose token is -1 are read
 * @param logits output [outputs, vocabulary]
 * @param greedy output [outputs, 1]: the token of the largest logit
 * @param hiddenStates output [outputs, (layers + 1) * hidden]: the input embedding and each block's result, before the
 *     final norm; null unless wanted
 */
@Internal
public record Decoder(Program program, Buffer embeddings, Buffer logits, Buffer greedy, @Nullable Buffer hiddenStates) {

  /**
   * @param tensors gives the tensor of a canonical name or fails
   * @param outputs what is wanted besides logits
   */
  public static Decoder of(LlavaConfig.Decoder config, Function<String, Tensor> tensors, Set<Output> outputs) {
    Weights all = new Weights(tensors, "llm.", config.layers());
    Weights block = new Weights(tensors, "llm.blk.*.", config.layers());
    int hidden = config.hidden();
    int queryWidth = config.heads() * config.headDim();
    int keyWidth = config.kvHeads() * config.headDim();

    Buffer embeddings = new Buffer("embeddings", hidden, Extent.ROWS);
    Buffer x = new Buffer("x", hidden, Extent.ROWS);
    Buffer normed = new Buffer("normed", hidden, Extent.ROWS);
    Buffer query = new Buffer("query", queryWidth, Extent.ROWS);
    Buffer key = new Buffer("key", keyWidth, Extent.ROWS);
    Buffer value = new Buffer("value", keyWidth, Extent.ROWS);
    Buffer mixed = new Buffer("mixed", queryWidth, Extent.ROWS);
    Buffer gate = new Buffer("gate", config.intermediate(), Extent.ROWS);
    Buffer up = new Buffer("up", config.intermediate(), Extent.ROWS);
    Buffer last = new Buffer("last", hidden, Extent.OUTPUTS);
    Buffer logits = new Buffer("logits", config.vocabulary(), Extent.OUTPUTS);
    Buffer greedy = new Buffer("greedy", 1, Extent.OUTPUTS);
    boolean wanted = outputs.contains(Output.HIDDEN_STATES);
    Buffer hiddenStates =
        wanted ? new Buffer("hiddenStates", (config.layers() + 1) * hidden, Extent.OUTPUTS) : null;
    KvCache cache = new KvCache("kv", config.layers(), config.kvHeads(), config.headDim());

    List<Op> body = new ArrayList<>(List.of(
        new Op.RmsNorm(x, block.get("attn_norm"), config.rmsEps(), normed),
        linear(normed, block.get("q"), query),
        linear(normed, block.get("k"), key),
        linear(normed, block.get("v"), value),
        new Op.Rope(query, config.heads(), config.headDim(), config.ropeTheta(), config.ropeLayout()),
        new Op.Rope(key, config.kvHeads(), config.headDim(), config.ropeTheta(), config.ropeLayout()),
        new Op.StoreKv(key, value, cache),
        new Op.CachedAttention(query, cache, config.heads(), config.slidingWindow(), mixed),
        residual(mixed, block.get("o"), x),
        new Op.RmsNorm(x, block.get("ffn_norm"), config.rmsEps(), normed),
        linear(normed, block.get("gate"), gate),
        linear(normed, block.get("up"), up),
        new Op.Gate(Op.Activation.SILU, gate, up),
        residual(gate, block.get("down"), x)));
    List<Op> ops = new ArrayList<>();
    ops.add(new Op.Embed(all.get("embed"), embeddings, x));
    if (wanted) {
      ops.add(new Op.Capture(x, hiddenStates, 0));
      body.add(new Op.Capture(x, hiddenStates, hidden));
    }
    ops.add(new Op.Repeat(config.layers(), body));
    ops.add(new Op.Select(x, last));
    ops.add(new Op.RmsNorm(last, all.get("norm"), config.rmsEps(), last));
    ops.add(linear(last, all.get("head"), logits));
    ops.add(new Op.ArgMax(logits, greedy));
    Program program = new Program(
        "decoder", List.of(embeddings),
        wanted ? List.of(logits, greedy, hiddenStates) : List.of(logits, greedy), ops);
    return new Decoder(program, embeddings, logits, greedy, hiddenStates);
  }

  private static Op linear(Buffer in, Weight weight, Buffer out) {
    return new Op.MatMul(in, weight, null, false, out);
  }

  private static Op residual(Buffer in, Weight weight, Buffer out) {
    return new Op.MatMul(in, weight, null, true, out);
  }
}
