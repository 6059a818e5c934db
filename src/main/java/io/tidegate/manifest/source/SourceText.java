package io.tidegate.manifest.source;

/**
 * A piece of text with its place.
 *
 * @param value what it means; keeps {@code ${NAME}} where a value is not known
 * @param raw as written
 */
public record SourceText(String value, String raw, Place place) {

  static SourceText of(Tree.Scalar scalar) {
    return new SourceText(scalar.text(), scalar.raw(), scalar.place());
  }

  /** A text that stands as written. */
  public static SourceText of(String value, Place place) {
    return new SourceText(value, value, place);
  }

  /** The same place, another value. */
  public SourceText with(String other) {
    return new SourceText(other, raw, place);
  }

  /** Whether nothing in it is left to be filled in later. */
  public boolean isKnown() {
    return !value.contains("${") && !value.contains("$(") && !value.contains("{{");
  }
}
