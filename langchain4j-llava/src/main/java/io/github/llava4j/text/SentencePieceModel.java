package io.github.llava4j.text;

import java.util.Arrays;


/** Reads {@code tokenizer.model} and {@code sentencepiece.bpe.model}: SentencePiece's ModelProto. */
final class SentencePieceModel {

  private static final int BPE = 2;

  private final VocabularyBuilder builder;
  private float[] scores = new float[1024];
  private int count;
  // What the fields mean when the file leaves them out (sentencepiece_model.proto).
  private int modelType = 1;
  private int bos = 1;
  private int eos = 2;
  private boolean dummyPrefix = true;
  private boolean removeExtraSpaces = true;
  private boolean escapeSpaces = true;
  private int charsMapBytes;

  private SentencePieceModel(VocabularyBuilder builder) {
    this.builder = builder;
  }

  /** Adds the model's pieces and rules to the builder. */
  static void read(String source, byte[] model, VocabularyBuilder builder) {
    new SentencePieceModel(builder).read(new Protobuf(source, model));
  }

  private void read(Protobuf model) {
    while (model.next()) {
      switch (model.field()) {
        case 1 -> piece(model.readMessage());
        case 2 -> trainer(model.readMessage());
        case 3 -> normalizer(model.readMessage());
        default -> { }
      }
    }
    if (modelType != BPE) {
      throw builder.error("a SentencePiece model of type " + modelType + "; only BPE (2) is supported");
    }
    if (charsMapBytes > 0 || removeExtraSpaces || !escapeSpaces) {
      throw builder.error("a SentencePiece model that normalises text; only identity normalisation is supported");
    }
    builder.merges(MergeTable.byScore(builder.pieces(), builder.types(), Arrays.copyOf(scores, count)));
    builder.bos(bos);
    builder.addBos(bos >= 0);
    builder.eos(eos);
    if (!dummyPrefix) {
      builder.prefix(Vocabulary.PrefixSpace.NEVER, true);
    }
  }

  private void piece(Protobuf piece) {
    String text = "";
    float score = 0;
    int type = 1;
    while (piece.next()) {
      switch (piece.field()) {
        case 1 -> text = piece.readString();
        case 2 -> score = piece.readFloat();
        case 3 -> type = piece.readInt();
        default -> { }
      }
    }
    if (count == scores.length) {
      scores = Arrays.copyOf(scores, 2 * count);
    }
    scores[count] = score;
    builder.typed(count++, text, type);
  }

  private void trainer(Protobuf spec) {
    while (spec.next()) {
      switch (spec.field()) {
        case 3 -> modelType = spec.readInt();
        case 41 -> bos = spec.readInt();
        case 42 -> eos = spec.readInt();
        default -> { }
      }
    }
  }

  private void normalizer(Protobuf spec) {
    while (spec.next()) {
      switch (spec.field()) {
        case 2 -> charsMapBytes = spec.readLength();
        case 3 -> dummyPrefix = spec.readBoolean();
        case 4 -> removeExtraSpaces = spec.readBoolean();
        case 5 -> escapeSpaces = spec.readBoolean();
        default -> { }
      }
    }
  }
}
