package io.github.llava4j.text;

import java.util.List;
import java.util.Optional;

import io.github.llava4j.kernels.Internal;
import io.github.llava4j.text.FrameTemplate.Frame;

/**
 * The templates of LLaVA 1.5 and 1.6. Those of the original repository are named as in its conversation.py; those of
 * Hugging Face's checkpoints begin with HF and equal their chat_template to the letter. A checkpoint whose files hold no
 * template gets one of these; so does one for which somebody names it.
 *
 * <p>An answer in the history is closed by the end-of-sequence token once. The original command line stores answers
 * with the token's text in them and closes them again; this does not copy that.
 */
@Internal
public final class ChatTemplates {

  private static final PromptPart END = new PromptPart.Special("</s>");
  private static final PromptPart IM_START = new PromptPart.Special("<|im_start|>");
  private static final PromptPart IM_END = new PromptPart.Special("<|im_end|>");

  private static final Frame LLAMA_2_SYSTEM =
      new Frame(List.of(text("<<SYS>>\n")), "", List.of(text("\n<</SYS>>\n\n")));

  /** The original's choice for every name with "v1", and Hugging Face's recommended prompt; wording "human". */
  public static final FrameTemplate LLAVA_V1 = vicuna("llava_v1", "human");

  /** What LLaVA 1.5 and 1.6 were trained and benchmarked with; wording "user". */
  public static final FrameTemplate VICUNA_V1 = vicuna("vicuna_v1", "user");

  /** chat_template of llava-hf's Vicuna checkpoints: no system text, and answers end in a space in place of a token. */
  public static final FrameTemplate HF_VICUNA =
      new FrameTemplate(
          "hf_vicuna",
          "",
          VICUNA_V1.system(),
          false,
          VICUNA_V1.user(),
          new Frame(List.of(text("ASSISTANT: ")), " ", List.of()),
          VICUNA_V1.opening(),
          "\n",
          List.of(),
          List.of());

  /** LLaVA-1.6-Mistral in the original. */
  public static final FrameTemplate MISTRAL_INSTRUCT =
      new FrameTemplate(
          "mistral_instruct",
          "",
          LLAMA_2_SYSTEM,
          true,
          new Frame(List.of(text("[INST] ")), "", List.of(text(" [/INST]"))),
          new Frame(List.of(text(" ")), "", List.of(text(" "), END)),
          List.of(),
          "\n",
          List.of(),
          List.of("</s>"));

  /**
   * chat_template of llava-hf's Mistral checkpoint, whose published file closes answers with the text {@code <\s>}.
   * That is a slip of the pen: the model never saw it in training. So this writes the end-of-sequence token.
   */
  public static final FrameTemplate HF_MISTRAL =
      new FrameTemplate(
          "hf_mistral",
          "",
          LLAMA_2_SYSTEM,
          false,
          MISTRAL_INSTRUCT.user(),
          new Frame(List.of(text(" ")), "", List.of(END, text(" "))),
          List.of(),
          "\n",
          List.of(),
          List.of());

  /** LLaVA-1.6-34B (Yi), in the original and in Hugging Face's form alike. */
  public static final FrameTemplate CHATML_DIRECT =
      new FrameTemplate(
          "chatml_direct",
          "Answer the questions.",
          new Frame(List.of(IM_START, text("system\n")), "", List.of(IM_END)),
          false,
          new Frame(List.of(IM_START, text("user\n")), "", List.of(IM_END)),
          new Frame(List.of(IM_START, text("assistant\n")), "", List.of(IM_END)),
          List.of(IM_START, text("assistant\n")),
          "\n",
          List.of("<|im_end|>"),
          List.of("<|im_end|>"));

  /** LLaVA on Llama-2-chat. Each user turn opens with {@code <s>}, as if it were a text of its own. */
  public static final FrameTemplate LLAVA_LLAMA_2 =
      new FrameTemplate(
          "llava_llama_2",
          "You are a helpful language and vision assistant. You are able to understand the visual content that the user"
              + " provides, and assist the user with a variety of tasks using natural language.",
          LLAMA_2_SYSTEM,
          true,
          new Frame(List.of(FrameTemplate.BEGIN, text("[INST] ")), "", List.of(text(" [/INST]"))),
          MISTRAL_INSTRUCT.assistant(),
          List.of(),
          "\n",
          List.of(),
          List.of("</s>"));

  private ChatTemplates() {}

  /** All templates. */
  public static List<FrameTemplate> all() {
    return List.of(LLAVA_V1, VICUNA_V1, HF_VICUNA, MISTRAL_INSTRUCT, HF_MISTRAL, CHATML_DIRECT, LLAVA_LLAMA_2);
  }

  /** The template of that {@link ChatTemplate#name}. */
  public static Optional<FrameTemplate> named(String name) {
    return all().stream().filter(template -> template.name().equals(name)).findFirst();
  }

  private static FrameTemplate vicuna(String name, String person) {
    return new FrameTemplate(
        name,
        ("A chat between a curious %s and an artificial intelligence assistant. The assistant gives helpful, detailed,"
                + " and polite answers to the %s's questions.")
            .formatted(person, person),
        new Frame(List.of(), " ", List.of()),
        false,
        new Frame(List.of(text("USER: ")), " ", List.of()),
        new Frame(List.of(text("ASSISTANT: ")), "", List.of(END)),
        List.of(text("ASSISTANT:")),
        "\n",
        List.of(),
        List.of("</s>"));
  }

  private static PromptPart text(String text) {
    return new PromptPart.Text(text);
  }
}
