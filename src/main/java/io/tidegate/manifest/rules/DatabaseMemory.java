package io.tidegate.manifest.rules;

import io.tidegate.manifest.source.SourceFile.SourceText;
import io.tidegate.manifest.stack.Container;
import io.tidegate.manifest.stack.Container.Platform;
import io.tidegate.manifest.stack.Database;
import io.tidegate.manifest.stack.Stack;
import io.tidegate.policy.RuleCard;
import io.tidegate.policy.Severity;
import java.net.URI;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

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
    Optional<Database> database = container.database();
    if (database.isEmpty()) {
      return Optional.empty();
    }
    SourceText limit = container.memory();
    if (limit == null) {
      // Hardly any Compose file has one: it is worth saying, and not worth a refusal.
      Severity severity =
          container.platform() == Platform.COMPOSE ? Severity.NOTICE : Severity.WARNING;
      return Optional.of(
          FileFinding.about(
              container,
              CARD,
              FileFinding.milder(container, severity),
              null,
              database.get().kind() + " has no memory limit"));
    }
    String written = database.get().is("Redis") ? RedisSettings.of(container).maxmemory() : "";
    OptionalDouble most = Bytes.redis(written);
    OptionalDouble allowed =
        container.platform() == Platform.COMPOSE
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

  /** Sizes as Compose, Kubernetes and Redis write them. */
  static final class Bytes {
    private static final Pattern SIZE =
        Pattern.compile("(\\d{1,18}(?:\\.\\d{1,9})?)\\s*([A-Za-z]{0,2}?)(i?)([bB]?)");

    private Bytes() {}

    /** Docker: each unit is a power of 1024. */
    static OptionalDouble docker(String text) {
      return of(text, true, true);
    }

    /** Kubernetes: Ki is 1024, k is 1000. */
    static OptionalDouble kubernetes(String text) {
      return of(text, false, false);
    }

    /** Redis: kb is 1024, k is 1000. */
    static OptionalDouble redis(String text) {
      String lower = text.toLowerCase(Locale.ROOT);
      return of(lower, lower.endsWith("b"), true);
    }

    private static OptionalDouble of(String text, boolean binary, boolean withByte) {
      Matcher matcher = SIZE.matcher(text.strip());
      if (!matcher.matches() || (!withByte && !matcher.group(4).isEmpty())) {
        return OptionalDouble.empty();
      }
      String unit = matcher.group(2).toUpperCase(Locale.ROOT);
      int power = unit.isEmpty() ? 0 : "KMGTPE".indexOf(unit) + 1;
      if (unit.length() > 1 || (!unit.isEmpty() && power == 0)) {
        return OptionalDouble.empty();
      }
      double base = binary || !matcher.group(3).isEmpty() ? 1024 : 1000;
      return OptionalDouble.of(Double.parseDouble(matcher.group(1)) * Math.pow(base, power));
    }
  }
}
