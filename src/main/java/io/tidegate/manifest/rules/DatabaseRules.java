package io.tidegate.manifest.rules;

import io.tidegate.manifest.rules.FileRule.Findings;
import io.tidegate.manifest.stack.Container;
import io.tidegate.manifest.stack.Container.Platform;
import io.tidegate.manifest.stack.Container.PublishedPort;
import io.tidegate.manifest.stack.Database;
import io.tidegate.manifest.stack.Database.ImageName;
import io.tidegate.manifest.stack.Stack;
import io.tidegate.policy.RuleCard;
import io.tidegate.policy.Severity;
import io.tidegate.source.SourceFile.SourceText;
import java.net.URI;
import java.util.List;
import java.util.Locale;
import java.util.OptionalDouble;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** How a database's container is declared: its image, its memory, its ports. */
final class DatabaseRules {
  static final List<FileRule> ALL =
      List.of(
          new FileRule(
              new RuleCard(
                  "database-image",
                  Severity.WARNING,
                  "A database image without a version",
                  "The next pull may bring a new major version, which does not start on the data of"
                      + " the old one",
                  "Write the major version at least, as in postgres:18",
                  URI.create("https://www.postgresql.org/docs/current/upgrading.html")),
              DatabaseRules::image),
          new FileRule(
              new RuleCard(
                  "database-memory",
                  Severity.ERROR,
                  "A database without a memory limit, or with one at or below maxmemory",
                  "Without a limit one of the containers of the host is killed when memory runs out,"
                      + " and with a limit at or below maxmemory Redis is killed before it evicts"
                      + " anything",
                  "Set a memory limit; for Redis a third above maxmemory, which leaves room for"
                      + " snapshots",
                  URI.create("https://docs.docker.com/engine/containers/resource_constraints/")),
              DatabaseRules::memory),
          new FileRule(
              new RuleCard(
                  "database-port",
                  Severity.WARNING,
                  "A database's port published on every interface",
                  "Whoever reaches the host reaches the database: Docker publishes past the host's"
                      + " firewall",
                  "Leave the port out, since containers of one network reach each other without it,"
                      + " or publish it on 127.0.0.1 only; in Kubernetes use a Service of type"
                      + " ClusterIP",
                  URI.create("https://docs.docker.com/engine/network/port-publishing/")),
              DatabaseRules::port));

  private DatabaseRules() {}

  private static void image(Stack stack, Findings findings) {
    for (Container container : stack.containers()) {
      SourceText text = container.image();
      if (text == null || container.database().isEmpty() || !text.isKnown()) {
        continue;
      }
      ImageName image = ImageName.of(text.value());
      boolean moving = image.tag().isEmpty() || image.tag().equals("latest");
      if (moving && image.digest().isEmpty()) {
        String tag =
            image.tag().isEmpty() ? "has no tag, which means latest" : "has the tag latest";
        findings.addMilderInDevelopment(
            container,
            Severity.WARNING,
            text.location(),
            "the image %s %s".formatted(image.repository(), tag));
      }
    }
  }

  private static void memory(Stack stack, Findings findings) {
    for (Container container : stack.containers()) {
      Database database = container.database().orElse(null);
      if (database == null || container.platform().isManaged()) {
        continue;
      }
      SourceText limit = container.memory();
      if (limit == null) {
        // Hardly any Compose file has one: it is worth saying, and not worth a refusal.
        boolean compose = container.platform() == Platform.COMPOSE;
        findings.addMilderInDevelopment(
            container,
            compose ? Severity.NOTICE : Severity.WARNING,
            null,
            database.kind() + " has no memory limit");
      } else if (database.is("Redis")) {
        maxmemory(container, limit, findings);
      }
    }
  }

  private static void maxmemory(Container redis, SourceText limit, Findings findings) {
    String written = RedisSettings.of(redis).maxmemory();
    OptionalDouble most = Bytes.redis(written);
    OptionalDouble allowed =
        redis.platform() == Platform.KUBERNETES
            ? Bytes.kubernetes(limit.value())
            : Bytes.docker(limit.value());
    boolean tooSmall =
        most.isPresent()
            && allowed.isPresent()
            && most.getAsDouble() > 0
            && allowed.getAsDouble() <= most.getAsDouble();
    if (tooSmall) {
      findings.add(
          redis,
          Severity.ERROR,
          limit.location(),
          "the memory limit is %s, and maxmemory is %s".formatted(limit.value(), written));
    }
  }

  private static void port(Stack stack, Findings findings) {
    for (Container container : stack.containers()) {
      if (container.database().isPresent()) {
        container.ports().stream()
            .filter(PublishedPort::everywhere)
            .forEach(port ->
                findings.addMilderInDevelopment(
                    container,
                    Severity.WARNING,
                    port.location(),
                    port.how() + ": reachable from outside"));
      }
    }
  }

  /** Sizes as Compose, Kubernetes and Redis write them. */
  private static final class Bytes {
    private static final Pattern SIZE =
        Pattern.compile("(\\d{1,18}(?:\\.\\d{1,9})?)\\s*([A-Za-z]{0,2}?)(i?)([bB]?)");

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
