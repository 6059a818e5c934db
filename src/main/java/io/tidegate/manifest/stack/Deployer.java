package io.tidegate.manifest.stack;

/** What deploys a container. */
public enum Deployer {
  COMPOSE,
  KUBERNETES
}
