package io.tidegate.manifest;

import io.tidegate.manifest.rules.FileRule.FileFinding;
import io.tidegate.policy.Guard.Acceptance;
import io.tidegate.policy.Severity;
import io.tidegate.source.SourceFile;
import io.tidegate.source.SourceFile.Location;
import io.tidegate.source.SourceFile.Note;
import java.time.DateTimeException;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * What people accept, in a comment beside a line or in a label or annotation: {@code RULE reason},
 * with {@code until 2027-06-30} at its end if it shall not hold for ever.
 */
final class Acceptances {
  private static final Pattern COMMENT =
      Pattern.compile("(?:^|\\s)#\\s*tidegate:\\s*accept\\s+(\\S.*)$");
  private static final Pattern UNTIL =
      Pattern.compile("(.*?)[,;\\s]*\\buntil\\s+(\\d{4}-\\d{2}-\\d{2})\\s*\\.?");
  private static final Pattern ONE = Pattern.compile("([A-Za-z0-9-]+):?(?:\\s+(.*))?");

  private final Set<String> rules;
  private final LocalDate today;
  private final Map<String, Map<Integer, List<Acceptance>>> comments = new HashMap<>();
  private final List<Note> notes = new ArrayList<>();

  /**
   * Reads the comments of all files.
   *
   * @param rules the ids of all rules
   * @param today the day on which an acceptance must still hold
   */
  Acceptances(Collection<SourceFile> files, Set<String> rules, LocalDate today) {
    this.rules = rules;
    this.today = today;
    files.forEach(this::read);
  }

  private void read(SourceFile file) {
    if (!file.text().contains("tidegate:")) {
      return;
    }
    int number = 0;
    for (String line : file.lines()) {
      number++;
      Matcher matcher = COMMENT.matcher(line);
      if (matcher.find()) {
        // A comment on a line of its own is about the next line that is none.
        boolean alone = line.strip().startsWith("#");
        int at = alone ? nextLine(file.lines(), number) : number;
        Acceptance acceptance = parse(matcher.group(1), new Location(file.name(), number, 1));
        if (acceptance != null) {
          comments
              .computeIfAbsent(file.name(), name -> new HashMap<>())
              .computeIfAbsent(at, there -> new ArrayList<>())
              .add(acceptance);
        }
      }
    }
  }

  private static int nextLine(List<String> lines, int after) {
    int at = after;
    while (at < lines.size() && lines.get(at).strip().startsWith("#")) {
      at++;
    }
    return at + 1;
  }

  /** Why a finding is accepted; empty where it is not. */
  Optional<String> reason(FileFinding finding) {
    List<Acceptance> all = new ArrayList<>();
    all.addAll(at(finding.location()));
    all.addAll(at(finding.subject().location()));
    for (String text : finding.subject().acceptances()) {
      for (String one : text.split("[;\\n]", -1)) {
        Acceptance acceptance =
            one.isBlank() ? null : parse(one.strip(), finding.subject().location());
        if (acceptance != null) {
          all.add(acceptance);
        }
      }
    }
    return all.stream()
        .filter(acceptance -> acceptance.rule().equals(finding.rule().id()))
        .filter(acceptance -> acceptance.until() == null || !today.isAfter(acceptance.until()))
        .map(Acceptances::words)
        .findFirst();
  }

  /** What is wrong with acceptances. */
  List<Note> notes() {
    return notes.stream().distinct().toList();
  }

  private List<Acceptance> at(Location location) {
    return comments
        .getOrDefault(location.file(), Map.of())
        .getOrDefault(location.line(), List.of());
  }

  private @Nullable Acceptance parse(String text, Location location) {
    Matcher one = ONE.matcher(text);
    String id = one.matches() ? one.group(1) : "";
    String rest = one.matches() && one.group(2) != null ? one.group(2).strip() : "";
    if (!rules.contains(id)) {
      return wrong(location, "an acceptance names no rule", "See tidegate check --list-rules");
    }
    LocalDate until = null;
    Matcher dated = UNTIL.matcher(rest);
    if (dated.matches()) {
      try {
        until = LocalDate.parse(dated.group(2));
      } catch (DateTimeException e) {
        return wrong(location, "an acceptance ends on no date", "Write it as in until 2027-06-30");
      }
      rest = dated.group(1).strip();
    }
    if (rest.isEmpty()) {
      return wrong(
          location,
          "the acceptance of %s gives no reason, so it does not count".formatted(id),
          "Write the reason after the rule");
    }
    if (until != null && today.isAfter(until)) {
      return wrong(
          location,
          "the acceptance of %s expired after %s".formatted(id, until),
          "Mend what was accepted, or accept it anew");
    }
    return new Acceptance(id, rest, until);
  }

  private @Nullable Acceptance wrong(Location location, String what, String remedy) {
    notes.add(new Note(Severity.WARNING, location, what, remedy));
    return null;
  }

  private static String words(Acceptance acceptance) {
    return acceptance.until() == null
        ? acceptance.reason()
        : acceptance.reason() + ", until " + acceptance.until();
  }
}
