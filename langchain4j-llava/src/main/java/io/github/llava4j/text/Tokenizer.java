package io.github.llava4j.text;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

import io.github.llava4j.PromptException;
import io.github.llava4j.kernels.Internal;
import io.github.llava4j.text.TokenizedPrompt.Chunk;
import io.github.llava4j.text.Vocabulary.SpecialToken;

/**
 * Turns prompts into token ids as SentencePiece and Hugging Face do for Llama vocabularies. Immutable and thread-safe.
 *
 * <p>Text never becomes a special token: {@code </s>} in a user's question is four ordinary tokens. Only {@link #parse}
 * looks for special tokens, and only a caller who trusts the whole prompt should use it.
 */
public final class Tokenizer {

  private final Vocabulary vocabulary;
  private final BytePairEncoder encoder;
  private final Literals specials;
  private final int longestPiece;

  @Internal
  public Tokenizer(Vocabulary vocabulary) {
    this.vocabulary = vocabulary;
    this.encoder = new BytePairEncoder(vocabulary);
    this.longestPiece = vocabulary.pieces().stream().mapToInt(String::length).max().orElse(1);
    Set<String> marks = new HashSet<>(vocabulary.specials().keySet());
    marks.add(PromptPart.IMAGE_MARK);
    this.specials = new Literals(marks);
  }

  @Internal
  public Vocabulary vocabulary() {
    return vocabulary;
  }

  /** A number of tokens that {@code parts} need at the least: as if each were the longest that the vocabulary has. */
  public long leastTokens(List<PromptPart> parts) {
    long characters = 0;
    for (PromptPart part : parts) {
      if (part instanceof PromptPart.Text(String text)) {
        characters += text.length();
      }
    }
    return characters / longestPiece;
  }

  /** Ids of one text as if it opened a prompt, without a beginning-of-sequence token. */
  public int[] encode(String text) {
    Ids ids = new Ids();
    encodeRun(text, prefixed(Before.NOTHING), ids);
    return ids.take();
  }

  /**
   * Cuts a raw prompt into parts as Hugging Face does: special tokens of the vocabulary and {@code <image>} become
   * parts of their own.
   */
  public List<PromptPart> parse(String rawPrompt) {
    List<PromptPart> parts = new ArrayList<>();
    specials.split(
        rawPrompt,
        text -> parts.add(new PromptPart.Text(text)),
        token ->
            parts.add(
                token.equals(PromptPart.IMAGE_MARK) ? new PromptPart.Image() : new PromptPart.Special(token)));
    return parts;
  }

  /**
   * Ids of a prompt, opened by the beginning-of-sequence token if the vocabulary asks for it.
   *
   * @throws PromptException if a part names a special token that the vocabulary does not have
   */
  @Internal
  public TokenizedPrompt tokenize(List<PromptPart> parts) {
    return new Run().tokenize(parts);
  }

  private void encodeRun(String text, boolean prefix, Ids out) {
    if (text.isEmpty()) {
      return;
    }
    String marked = text.replace(' ', Vocabulary.SPACE_MARK);
    boolean wanted = prefix && (vocabulary.prefixBeforeSpace() || marked.charAt(0) != Vocabulary.SPACE_MARK);
    encoder.encode(wanted ? Vocabulary.SPACE_MARK + marked : marked, out);
  }

  private boolean prefixed(Before before) {
    return switch (vocabulary.prefix()) {
      case EVERY_RUN -> true;
      case FIRST_RUN -> before == Before.NOTHING;
      case FIRST_RUN_AND_AFTER_IMAGE -> before != Before.SPECIAL;
      case NEVER -> false;
    };
  }

  /** What stands before a run of text; the token that the tokenizer itself begins with does not count. */
  private enum Before {
    NOTHING,
    IMAGE,
    SPECIAL
  }

  /** The state of one {@link #tokenize} call. */
  private final class Run {

    private final List<Chunk> chunks = new ArrayList<>();
    private final StringBuilder text = new StringBuilder();
    private final Ids ids = new Ids();
    private Before before = Before.NOTHING;
    private boolean stripLeft;
    private int images;

    TokenizedPrompt tokenize(List<PromptPart> parts) {
      if (vocabulary.addBos()) {
        ids.add(vocabulary.bos());
      }
      for (PromptPart part : parts) {
        switch (part) {
          case PromptPart.Text run -> text.append(run.text());
          case PromptPart.Special special -> special(special.token());
          case PromptPart.Image image -> image();
        }
      }
      endText(false);
      endIds();
      return new TokenizedPrompt(chunks);
    }

    private void special(String token) {
      SpecialToken special = vocabulary.specials().get(token);
      if (special == null) {
        throw new PromptException("The prompt needs the special token " + token + ", which the vocabulary lacks");
      }
      around(special, Before.SPECIAL);
      ids.add(special.id());
    }

    private void image() {
      SpecialToken mark = vocabulary.specials().get(PromptPart.IMAGE_MARK);
      around(mark == null ? new SpecialToken(-1, false, false) : mark, Before.IMAGE);
      endIds();
      chunks.add(new Chunk.Image(images++));
    }

    private void around(SpecialToken token, Before kind) {
      endText(token.stripLeft());
      before = kind;
      stripLeft = token.stripRight();
    }

    private void endText(boolean stripRight) {
      int from = 0;
      int to = text.length();
      while (stripRight && to > 0 && isSpace(text.charAt(to - 1))) {
        to--;
      }
      while (stripLeft && from < to && isSpace(text.charAt(from))) {
        from++;
      }
      encodeRun(text.substring(from, to), prefixed(before), ids);
      text.setLength(0);
    }

    private void endIds() {
      if (!ids.isEmpty()) {
        chunks.add(new Chunk.Text(ids.take()));
      }
    }

    private static boolean isSpace(char c) {
      return Character.isWhitespace(c) || Character.isSpaceChar(c);
    }
  }
}
