package io.tidegate.manifest.rules;

import io.tidegate.manifest.source.SourceText;
import io.tidegate.manifest.stack.Backend;
import io.tidegate.manifest.stack.Container;
import io.tidegate.manifest.stack.Deployer;
import io.tidegate.manifest.stack.Stack;
import io.tidegate.policy.RuleCard;
import io.tidegate.policy.Severity;
import java.net.URI;
import java.util.List;
import java.util.Optional;
import java.util.OptionalDouble;

/** A database that may take all memory, or is killed before it has what it was promised. */
final class DatabaseMemory implements FileRule {
  private static final RuleCard CARD =
      new RuleCard(
          "database-memory",
          Severity.ERROR,
          "A database without a memory limit, or with one at or below maxmemory",
          "Without a limit one of the containers of the host is killed when memory runs out, and with a"
              + " limit at or below maxmemory Redis is killed before it evicts anything",
          "Set a memory limit; for Redis a third above maxmemory, which leaves room for snapshots",
          URI.create("https://docs.docker.com/engine/containers/resource_constraints/"));

  @Override
  public RuleCard card() {
    return CARD;
  }

  @Override
  public List<FileFinding> evaluate(Stack stack) {
    return stack.containers().stream().flatMap(container -> evaluate(container).stream()).toList();
  }

  private static Optional<FileFinding> evaluate(Container container) {
    Optional<Backend> backend = container.backend();
    if (backend.isEmpty()) {
      return Optional.empty();
    }
    SourceText limit = container.memory();
    if (limit == null) {
      // Hardly any Compose file has one: it is worth saying, and not worth a refusal.
      Severity severity =
          container.platform() == Deployer.COMPOSE ? Severity.NOTICE : Severity.WARNING;
      return Optional.of(
          FileFinding.about(
              container,
              CARD,
              FileFinding.milder(container, severity),
              null,
              backend.get().kind() + " has no memory limit"));
    }
    String written = backend.get().is("Redis") ? RedisSettings.of(container).maxmemory() : "";
    OptionalDouble most = Bytes.redis(written);
    OptionalDouble allowed =
        container.platform() == Deployer.COMPOSE
            ? Bytes.docker(limit.value())
            : Bytes.kubernetes(limit.value());
    boolean tooSmall =
        most.isPresent()
            && allowed.isPresent()
            && most.getAsDouble() > 0
            && allowed.getAsDouble() <= most.getAsDouble();
    return tooSmall
        ? Optional.of(
            FileFinding.about(
                container,
                CARD,
                Severity.ERROR,
                limit.place(),
                "the memory limit is %s, and maxmemory is %s".formatted(limit.value(), written)))
        : Optional.empty();
  }
}
