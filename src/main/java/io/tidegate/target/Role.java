package io.tidegate.target;

/** The role that a server must have to count as ready. */
public enum Role {
  /** It takes writes. */
  PRIMARY,
  /** Whatever answers queries. */
  ANY
}
