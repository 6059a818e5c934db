package io.tidegate.migration.sql;

/**
 * What the server shows of a statement that was cut off.
 *
 * @param nothing whether it is proven that the statement changed nothing
 * @param look what to look at, for people, as a sentence without its full stop
 */
public record Aftermath(boolean nothing, String look) {
  /** Where the server shows nothing. */
  public static final Aftermath UNKNOWN =
      new Aftermath(false, "Look in the database whether it took effect");
}
