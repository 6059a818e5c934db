package io.tidegate.target;

/** One thing that a live server was asked. Unknown is told apart from any answer. */
public sealed interface Fact {

  /** The server's answer, as it gave it. */
  record Known(String value) implements Fact {}

  /** The server refused to tell, or cannot: why, in the server's own words where it has any. */
  record Unknown(String reason) implements Fact {}
}
