package io.tidegate.web;

import io.tidegate.web.StatusController.StatusBody;
import io.tidegate.web.StatusController.StatusBody.GuardBody;
import io.tidegate.web.StatusController.StatusBody.MigrationBody;
import io.tidegate.web.StatusController.StatusBody.TargetBody;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.function.Predicate;
import java.util.stream.Collectors;

/**
 * What is going on, in one sentence.
 *
 * @param tone whether that is good, goes on or is bad
 * @param summary in few words, without anything that changes every second: the title, and what a
 *     screen reader announces
 * @param sentence the whole of it
 */
record Headline(Tone tone, String summary, String sentence) {

  /** How the page colours something. */
  enum Tone {
    GOOD,
    PENDING,
    BAD,
    NEUTRAL;

    /** The class in the style sheet. */
    String id() {
      return name().toLowerCase(Locale.ROOT);
    }
  }

  /** How many targets are named; more are counted. */
  private static final int NAMED = 3;

  /** How many characters of a reason stand in the sentence. */
  private static final int LONGEST = 200;

  static Headline of(StatusBody status, Instant now) {
    String age = Times.length(Duration.between(status.since(), now));
    return switch (status.state()) {
      case "judging" -> pending("Checking the configuration");
      case "awaiting" -> awaiting(status, age);
      case "judging-live" -> pending("Checking the settings of the servers");
      case "migrating" -> migrating(status.migrations());
      case "stopping" -> pending("Stopping");
      case "failed" -> failed(status);
      default -> watching(status, now);
    };
  }

  private static Headline pending(String sentence) {
    return new Headline(Tone.PENDING, sentence, sentence);
  }

  /** What is required or migrated is waited for; the others are not. */
  private static Headline awaiting(StatusBody status, String age) {
    List<String> migrated = status.migrations().stream().map(MigrationBody::target).toList();
    List<TargetBody> missing =
        notReady(status, target -> target.required() || migrated.contains(target.name()));
    if (missing.isEmpty()) {
      return pending("Waiting for the targets");
    }
    return new Headline(
        Tone.PENDING,
        "Waiting for " + names(missing),
        "Waiting %s for %s%s".formatted(age, names(missing), why(missing)));
  }

  private static Headline migrating(List<MigrationBody> migrations) {
    for (MigrationBody migration : migrations) {
      String summary = "Migrating " + migration.target();
      switch (migration.phase()) {
        case "waiting" -> {
          return new Headline(
              Tone.PENDING,
              summary,
              "%s: waiting for the lock that %s holds"
                  .formatted(summary, Objects.requireNonNull(migration.holder()).who()));
        }
        case "running" -> {
          return new Headline(
              Tone.PENDING,
              summary,
              "%s: changeset %d of %d".formatted(summary, migration.number(), migration.of()));
        }
        case "pending" -> {
          return new Headline(
              Tone.PENDING, summary, summary + ": comparing the changelog with the database");
        }
        default -> {}
      }
    }
    return pending("Migrating");
  }

  private static Headline failed(StatusBody status) {
    List<GuardBody.Found> errors =
        status.guard().findings().stream()
            .filter(found -> found.severity().equals("error"))
            .toList();
    if (!errors.isEmpty()) {
      GuardBody.Found first = errors.getFirst();
      String more = errors.size() == 1 ? "" : ", and %d more".formatted(errors.size() - 1);
      return new Headline(
          Tone.BAD,
          "Refused: " + first.title(),
          "Refused: %s (%s)%s".formatted(first.title(), first.subject(), more));
    }
    if (status.problems().isEmpty()) {
      return new Headline(Tone.BAD, "Failed", "Failed");
    }
    StatusBody.Failure first = status.problems().getFirst();
    String more =
        status.problems().size() == 1
            ? ""
            : ", and %d more problems".formatted(status.problems().size() - 1);
    return new Headline(
        Tone.BAD,
        "Failed: " + first.where(),
        "Failed: %s: %s%s".formatted(first.where(), first.what(), more));
  }

  private static Headline watching(StatusBody status, Instant now) {
    if (!status.live()) {
      String stuck = "Tidegate itself is stuck: what is shown may be old";
      return new Headline(Tone.BAD, stuck, stuck);
    }
    List<TargetBody> missing = notReady(status, TargetBody::required);
    if (!missing.isEmpty()) {
      Instant lost = missing.stream().map(TargetBody::since).min(Instant::compareTo).orElse(now);
      return new Headline(
          Tone.BAD,
          names(missing) + (missing.size() == 1 ? " is not ready" : " are not ready"),
          "Not ready for %s: %s%s"
              .formatted(Times.length(Duration.between(lost, now)), names(missing), why(missing)));
    }
    List<TargetBody> others = notReady(status, target -> true);
    String ready =
        others.isEmpty()
            ? "All targets are ready"
            : "All required targets are ready; %s %s not"
                .formatted(names(others), others.size() == 1 ? "is" : "are");
    return new Headline(Tone.GOOD, ready, ready);
  }

  private static List<TargetBody> notReady(StatusBody status, Predicate<TargetBody> needed) {
    return status.targets().stream().filter(target -> !target.ready()).filter(needed).toList();
  }

  /** "orders", "orders and cache", "orders, cache and queue", "5 targets". */
  private static String names(List<TargetBody> targets) {
    if (targets.size() > NAMED) {
      return targets.size() + " targets";
    }
    String last = targets.getLast().name();
    return targets.size() == 1
        ? last
        : targets.subList(0, targets.size() - 1).stream()
                .map(TargetBody::name)
                .collect(Collectors.joining(", "))
            + " and "
            + last;
  }

  /** Why one is not ready; several say it themselves, and so does one with a long story. */
  private static String why(List<TargetBody> missing) {
    if (missing.size() > 1) {
      return "";
    }
    String detail = missing.getFirst().detail();
    return ": " + (detail.length() <= LONGEST ? detail : detail.substring(0, LONGEST) + "…");
  }
}
