package io.tidegate.manifest.rules;

import io.tidegate.manifest.source.SecretNames;
import io.tidegate.manifest.source.SourceFile.SourceText;
import io.tidegate.manifest.stack.Container;
import io.tidegate.manifest.stack.Container.Variable;
import io.tidegate.manifest.stack.ShellWords;
import io.tidegate.manifest.stack.Stack;
import io.tidegate.policy.RuleCard;
import io.tidegate.policy.Severity;
import java.net.URI;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** A secret that stands in the file. */
final class WrittenSecrets implements FileRule {
  private static final RuleCard CARD =
      new RuleCard(
          "inline-credentials",
          Severity.WARNING,
          "A secret written in the file",
          "Whoever can read the repository, or list the container's settings, can read it, and it stays"
              + " in the history after it is taken out",
          "Take it from outside: by a Compose secret and a variable that ends in _FILE, by secretKeyRef"
              + " in Kubernetes, or by ${NAME}",
          URI.create("https://docs.docker.com/compose/how-tos/use-secrets/"));

  /** The password of a URL, and the default of a reference within it. */
  private static final Pattern URL = Pattern.compile("://[^\\s/@:]*:(\\$\\{[^}]*\\}|[^\\s@/]+)@");

  /** No longer value is a URL. */
  private static final int LONGEST_URL = 10_000;

  private static final Pattern DEFAULT =
      Pattern.compile("\\$\\{[A-Za-z_][A-Za-z0-9_]*:?-([^}]*)\\}");

  private static final Pattern OPTION =
      Pattern.compile("--(?:requirepass|masterauth|password|root-password)(?:=(.+))?");

  @Override
  public RuleCard card() {
    return CARD;
  }

  @Override
  public List<FileFinding> evaluate(Stack stack) {
    List<FileFinding> findings = new ArrayList<>();
    for (Container container : stack.containers()) {
      for (Variable variable : container.environment()) {
        SourceText value = variable.value();
        if (variable.origin() == Variable.Origin.INLINE && value != null) {
          found(variable.name(), value.raw())
              .ifPresent(how ->
                  findings.add(
                      FileFinding.about(
                          container,
                          CARD,
                          FileFinding.milder(container, how.severity),
                          value.place(),
                          variable.name() + " " + how.words)));
        }
      }
    }
    stack.containers().forEach(container -> command(container).ifPresent(findings::add));
    for (Stack.WrittenSecret written : stack.writtenSecrets()) {
      outside(written).ifPresent(findings::add);
    }
    return findings;
  }

  /** A password among the words of a command: everybody on the host can list it. */
  private static Optional<FileFinding> command(Container container) {
    List<SourceText> words = new ArrayList<>();
    for (SourceText word : container.command()) {
      ShellWords.split(word.value()).forEach(part -> words.add(word.with(part)));
    }
    for (int i = 0; i < words.size(); i++) {
      SourceText word = words.get(i);
      Matcher option = OPTION.matcher(word.value());
      if (option.matches()) {
        String value =
            option.group(1) == null
                ? i + 1 < words.size() ? words.get(i + 1).value() : ""
                : option.group(1);
        if (!isNone(value) && !value.startsWith("-")) {
          return Optional.of(
              FileFinding.about(
                  container,
                  CARD,
                  FileFinding.milder(container, Severity.WARNING),
                  word.place(),
                  "the command holds a password"));
        }
      }
    }
    return Optional.empty();
  }

  private record How(Severity severity, String words) {}

  private static Optional<How> found(String name, String raw) {
    String secret;
    if (SecretNames.isSecret(name)) {
      secret = raw;
    } else {
      Matcher url = URL.matcher(raw.substring(0, Math.min(raw.length(), LONGEST_URL)));
      if (!url.find()) {
        return Optional.empty();
      }
      secret = url.group(1);
    }
    Matcher withDefault = DEFAULT.matcher(secret);
    if (withDefault.matches()) {
      return withDefault.group(1).isBlank()
          ? Optional.empty()
          : Optional.of(new How(Severity.NOTICE, "has a default that is written in the file"));
    }
    return isNone(secret)
        ? Optional.empty()
        : Optional.of(new How(Severity.WARNING, "has its value written in the file"));
  }

  /** References, paths and switches are no secrets. */
  private static boolean isNone(String value) {
    return value.isBlank()
        || value.contains("$")
        || value.contains("{{")
        || value.startsWith("/")
        || value.startsWith("<")
        || value.matches("(?i)true|false|yes|no|null|none|\\d{1,3}|\\*+|REDACTED");
  }

  /** A Secret that is generated on the way, as by a controller, has no value here. */
  private static Optional<FileFinding> outside(Stack.WrittenSecret written) {
    SourceText value = written.value().value();
    if (value == null) {
      return Optional.empty();
    }
    if (written.value().origin() == Variable.Origin.SECRET) {
      boolean none = isNone(value.value()) || value.value().startsWith("ENC[");
      return none
          ? Optional.empty()
          : Optional.of(
              finding(
                  written,
                  Severity.NOTICE,
                  "the key %s has its value written in the file, which is readable for whoever has it"
                      .formatted(written.value().name())));
    }
    return found(written.value().name(), value.raw())
        .map(how ->
            finding(
                written,
                how.severity,
                "the key %s %s, in a ConfigMap".formatted(written.value().name(), how.words)));
  }

  private static FileFinding finding(
      Stack.WrittenSecret written, Severity severity, String evidence) {
    return new FileFinding(CARD, severity, written.value().place(), written.subject(), evidence);
  }
}
