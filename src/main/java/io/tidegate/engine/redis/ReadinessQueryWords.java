package io.tidegate.engine.redis;

import io.tidegate.target.Target;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Set;

/**
 * Cuts a readiness query into the words of one command: at blanks, except within single or double
 * quotes. The words go to the server as they are, so that none can begin a second command.
 */
final class ReadinessQueryWords {
  /** They change what a connection is, or never answer once. */
  private static final Set<String> REFUSED =
      Set.of(
          "AUTH",
          "HELLO",
          "RESET",
          "QUIT",
          "SELECT",
          "MONITOR",
          "MULTI",
          "EXEC",
          "SUBSCRIBE",
          "PSUBSCRIBE",
          "SSUBSCRIBE",
          "SYNC",
          "PSYNC",
          "SHUTDOWN",
          "FLUSHALL",
          "FLUSHDB");

  private ReadinessQueryWords() {}

  /**
   * The words of a target's query.
   *
   * @throws io.tidegate.problem.ProblemException if it is not one command
   */
  static List<String> words(Target target, String query) {
    List<String> words = split(target, query);
    if (words.isEmpty() || REFUSED.contains(words.getFirst().toUpperCase(Locale.ROOT))) {
      throw unusable(target, "is none that can be asked again and again");
    }
    return words;
  }

  private static List<String> split(Target target, String query) {
    List<String> words = new ArrayList<>();
    StringBuilder word = new StringBuilder();
    char quote = 0;
    boolean inWord = false;
    for (char c : query.strip().toCharArray()) {
      if (c == '\n' || c == '\r') {
        throw unusable(target, "has more than one line");
      } else if (quote != 0 && c == quote) {
        quote = 0;
      } else if (quote == 0 && (c == '"' || c == '\'')) {
        quote = c;
        inWord = true;
      } else if (quote == 0 && Character.isWhitespace(c)) {
        if (inWord) {
          words.add(word.toString());
          word.setLength(0);
        }
        inWord = false;
      } else {
        word.append(c);
        inWord = true;
      }
    }
    if (quote != 0) {
      throw unusable(target, "has a quote that does not end");
    }
    if (inWord) {
      words.add(word.toString());
    }
    return List.copyOf(words);
  }

  private static RuntimeException unusable(Target target, String why) {
    return RedisUrl.problem(
        target,
        "the readiness query " + why,
        "Write one Redis command that reads, as in EXISTS orders:ready");
  }
}
