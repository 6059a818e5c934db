package io.tidegate.check.stack;

/** What deploys a container. */
public enum Platform {
  COMPOSE,
  KUBERNETES
}
