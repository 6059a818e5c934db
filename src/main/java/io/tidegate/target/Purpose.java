package io.tidegate.target;

/** What the app keeps in a target: it decides what losing it would mean. */
public enum Purpose {
  CACHE,
  SESSION,
  QUEUE,
  RATE_LIMIT,
  /** Data of record: the default. */
  STORE
}
