package io.github.llava4j.constraint.schema;

/**
 * How a schema becomes a grammar.
 *
 * @param allProperties whether optional properties are written, too: all but those through which a schema contains itself
 * @param maxIntegerDigits most digits of an integer without bounds, 1 to 18
 */
public record SchemaOptions(JsonStyle style, boolean allProperties, Unsupported unsupported, int maxIntegerDigits) {

  public static final SchemaOptions DEFAULT = new SchemaOptions(JsonStyle.FLEXIBLE, false, Unsupported.REFUSE, 18);

  public SchemaOptions {
    if (maxIntegerDigits < 1 || maxIntegerDigits > 18) {
      throw new IllegalArgumentException("maxIntegerDigits must be 1 to 18, but is " + maxIntegerDigits);
    }
  }

  public SchemaOptions withStyle(JsonStyle other) {
    return new SchemaOptions(other, allProperties, unsupported, maxIntegerDigits);
  }

  public SchemaOptions withAllProperties(boolean other) {
    return new SchemaOptions(style, other, unsupported, maxIntegerDigits);
  }

  public SchemaOptions withUnsupported(Unsupported other) {
    return new SchemaOptions(style, allProperties, other, maxIntegerDigits);
  }
}
