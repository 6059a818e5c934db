package io.tidegate.check.source;

/**
 * A piece of text with its place.
 *
 * @param value what it means; keeps {@code ${NAME}} where a value is not known
 * @param raw as written
 */
public record Text(String value, String raw, Place place) {

  static Text of(Tree.Scalar scalar) {
    return new Text(scalar.text(), scalar.raw(), scalar.place());
  }

  /** A text that stands as written. */
  public static Text of(String value, Place place) {
    return new Text(value, value, place);
  }

  /** The same place, another value. */
  public Text with(String other) {
    return new Text(other, raw, place);
  }

  /** Whether nothing in it is left to be filled in later. */
  public boolean isKnown() {
    return !value.contains("${") && !value.contains("$(") && !value.contains("{{");
  }
}
