package io.tidegate.manifest.rules;

import io.tidegate.manifest.rules.FileRule.Findings;
import io.tidegate.manifest.stack.Container;
import io.tidegate.manifest.stack.Container.Variable;
import io.tidegate.manifest.stack.ShellWords;
import io.tidegate.manifest.stack.Stack;
import io.tidegate.manifest.stack.Stack.WrittenSecret;
import io.tidegate.policy.Severity;
import io.tidegate.policy.SharedCards;
import io.tidegate.source.SecretNames;
import io.tidegate.source.SourceFile.SourceText;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Secrets that are written in the files. */
final class SecretRules {
  static final List<FileRule> ALL =
      List.of(new FileRule(SharedCards.INLINE_CREDENTIALS, SecretRules::inlineCredentials));

  /** The password of a URL, and the default of a reference within it. */
  private static final Pattern URL = Pattern.compile("://[^\\s/@:]*:(\\$\\{[^}]*\\}|[^\\s@/]+)@");

  /** No longer value is a URL. */
  private static final int LONGEST_URL = 10_000;

  private static final Pattern DEFAULT =
      Pattern.compile("\\$\\{[A-Za-z_][A-Za-z0-9_]*:?-([^}]*)\\}");

  private static final Pattern OPTION =
      Pattern.compile("--(?:requirepass|masterauth|password|root-password)(?:=(.+))?");

  private SecretRules() {}

  private static void inlineCredentials(Stack stack, Findings findings) {
    for (Container container : stack.containers()) {
      for (Variable variable : container.environment()) {
        inVariable(container, variable, findings);
      }
    }
    stack.containers().forEach(container -> inCommand(container, findings));
    stack.writtenSecrets().forEach(written -> outside(written, findings));
  }

  private static void inVariable(Container container, Variable variable, Findings findings) {
    SourceText value = variable.value();
    if (variable.origin() == Variable.Origin.INLINE && value != null) {
      secret(variable.name(), value.raw())
          .ifPresent(secret ->
              findings.addMilderInDevelopment(
                  container,
                  secret.severity,
                  value.location(),
                  variable.name() + " " + secret.evidence));
    }
  }

  /** A password among the words of a command: everybody on the host can list it. */
  private static void inCommand(Container container, Findings findings) {
    List<SourceText> words = new ArrayList<>();
    for (SourceText word : container.command()) {
      ShellWords.split(word.value()).forEach(part -> words.add(word.with(part)));
    }
    for (int i = 0; i < words.size(); i++) {
      SourceText word = words.get(i);
      Matcher option = OPTION.matcher(word.value());
      if (option.matches()) {
        String next = i + 1 < words.size() ? words.get(i + 1).value() : "";
        String value = option.group(1) == null ? next : option.group(1);
        if (!isNone(value) && !value.startsWith("-")) {
          findings.addMilderInDevelopment(
              container, Severity.WARNING, word.location(), "the command holds a password");
          return;
        }
      }
    }
  }

  private record InlineSecret(Severity severity, String evidence) {}

  private static Optional<InlineSecret> secret(String name, String raw) {
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
          : Optional.of(
              new InlineSecret(Severity.NOTICE, "has a default that is written in the file"));
    }
    return isNone(secret)
        ? Optional.empty()
        : Optional.of(new InlineSecret(Severity.WARNING, "has its value written in the file"));
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
  private static void outside(WrittenSecret written, Findings findings) {
    Variable variable = written.value();
    SourceText value = variable.value();
    if (value == null) {
      return;
    }
    if (variable.origin() != Variable.Origin.SECRET) {
      secret(variable.name(), value.raw())
          .ifPresent(secret ->
              findings.add(
                  written.subject(),
                  secret.severity,
                  variable.location(),
                  "the key %s %s, in a ConfigMap".formatted(variable.name(), secret.evidence)));
    } else if (!isNone(value.value()) && !value.value().startsWith("ENC[")) {
      findings.add(
          written.subject(),
          Severity.NOTICE,
          variable.location(),
          "the key %s has its value written in the file, which is readable for whoever has it"
              .formatted(variable.name()));
    }
  }
}
