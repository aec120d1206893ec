package io.github.llava4j.text;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

import io.github.llava4j.CheckpointException;
import io.github.llava4j.text.Vocabulary.PieceType;
import io.github.llava4j.text.Vocabulary.PrefixSpace;
import io.github.llava4j.text.Vocabulary.SpecialToken;
import org.jspecify.annotations.Nullable;

/** Collects what the readers find; later calls refine earlier ones. */
final class VocabularyBuilder {

  /** No known vocabulary comes near; a larger id is damage, and would cost memory. */
  private static final int MAX_PIECES = 1 << 22;

  private final String source;
  private final List<String> pieces = new ArrayList<>();
  private final List<PieceType> types = new ArrayList<>();
  private final Map<String, SpecialToken> specials = new HashMap<>();
  private @Nullable MergeTable merges;
  private int bos = -1;
  private int eos = -1;
  private int unknown = -1;
  private boolean addBos = true;
  private PrefixSpace prefix = PrefixSpace.EVERY_RUN;
  private boolean prefixBeforeSpace = true;

  /** @param source the file that messages name */
  VocabularyBuilder(String source) {
    this.source = source;
  }

  CheckpointException error(String what) {
    return new CheckpointException(source + ": " + what);
  }

  /** Sets the piece of an id, in any order; ids that nothing sets are unused. */
  void piece(int id, String text, PieceType type) {
    if (id < 0 || id >= MAX_PIECES) {
      throw error("token \"" + text + "\" has the impossible id " + id);
    }
    while (pieces.size() <= id) {
      pieces.add("");
      types.add(PieceType.UNUSED);
    }
    if (type == PieceType.BYTE && !ByteTokens.isName(text)) {
      throw error("token " + id + " is called a byte but reads \"" + text + "\"");
    }
    pieces.set(id, text);
    types.set(id, type);
    if (type == PieceType.CONTROL || type == PieceType.UNKNOWN) {
      specials.putIfAbsent(text, new SpecialToken(id, false, false));
      if (type == PieceType.UNKNOWN && unknown < 0) {
        unknown = id;
      }
    }
  }

  /** Sets a piece whose kind is SentencePiece's code for it. */
  void typed(int id, String text, int code) {
    PieceType[] kinds = PieceType.values();
    if (code < 1 || code > kinds.length) {
      throw error("token " + id + " \"" + text + "\" is of the unknown type " + code);
    }
    if (kinds[code - 1] == PieceType.USER_DEFINED) {
      userDefined(id, text);
    } else {
      piece(id, text, kinds[code - 1]);
    }
  }

  /**
   * Sets a piece that a vocabulary calls user-defined. Such pieces are found in any text, which suits a digit or a row
   * of spaces but not a mark such as {@code <|im_end|>}, which a user must not be able to write: those become special.
   */
  private void userDefined(int id, String text) {
    boolean mark = text.length() > 2 && text.startsWith("<") && text.endsWith(">");
    piece(id, text, mark ? PieceType.CONTROL : PieceType.USER_DEFINED);
  }

  /** Adds a token on top of the vocabulary; one of that text that exists keeps its id. */
  void added(int id, String text, boolean special, boolean stripLeft, boolean stripRight) {
    SpecialToken known = specials.get(text);
    if (known != null && known.id() != id) {
      return;
    }
    if (known == null) {
      if (special) {
        piece(id, text, PieceType.CONTROL);
      } else {
        userDefined(id, text);
      }
    }
    if (specials.containsKey(text)) {
      specials.put(text, new SpecialToken(id, stripLeft, stripRight));
    }
  }

  void merges(MergeTable table) {
    merges = table;
  }

  List<String> pieces() {
    return pieces;
  }

  List<PieceType> types() {
    return types;
  }

  boolean knows(String special) {
    return specials.containsKey(special);
  }

  void bos(int id) {
    bos = id;
  }

  /** As {@link #bos(int)}, by the token's text; one that is not special is left alone. */
  void bos(String token) {
    bos = idOr(token, bos);
  }

  void eos(int id) {
    eos = id;
  }

  void eos(String token) {
    eos = idOr(token, eos);
  }

  void unknown(int id) {
    unknown = id;
  }

  void unknown(String token) {
    unknown = idOr(token, unknown);
  }

  void addBos(boolean add) {
    addBos = add;
  }

  void prefix(PrefixSpace space, boolean beforeSpace) {
    prefix = space;
    prefixBeforeSpace = beforeSpace;
  }

  PrefixSpace prefix() {
    return prefix;
  }

  Vocabulary build() {
    if (pieces.isEmpty()) {
      throw error("the vocabulary is empty");
    }
    checkId("bos", bos);
    checkId("eos", eos);
    checkId("unknown", unknown);
    if (addBos && bos < 0) {
      throw error("prompts are to begin with a beginning-of-sequence token, but none is named");
    }
    return new Vocabulary(pieces, types, merges, specials, bos, eos, unknown, addBos, prefix, prefixBeforeSpace);
  }

  private int idOr(String token, int otherwise) {
    SpecialToken special = specials.get(token);
    return special == null ? otherwise : special.id();
  }

  private void checkId(String name, int id) {
    if (id < -1 || id >= pieces.size()) {
      throw error("the " + name + " token's id " + id + " is outside the " + pieces.size() + " tokens");
    }
  }
}
