package io.tidegate.config;

import io.tidegate.config.UrlParser.ParsedUrl;
import io.tidegate.config.ValueType.RefusedValue;
import io.tidegate.problem.Problem;
import io.tidegate.problem.ProblemException;
import io.tidegate.target.ServiceUrl;
import io.tidegate.target.TlsPolicy;
import io.tidegate.target.TlsPolicy.Level;
import io.tidegate.target.TlsPolicy.TlsSettings;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What variables beside a URL say of the connection: {@code PGSSLMODE}, {@code PGDATABASE} and their
 * like. Where the URL leaves it open they are obeyed, as libpq does; where it says otherwise, it has
 * the last word, but a word about TLS that it contradicts is refused.
 *
 * @param all in the order in which they are added
 * @param isOwn whether the URL is of the same convention as the variables; beside a target's that was
 *     named in Tidegate's own words, what is obeyed is a warning
 */
record VariablesBesideUrl(List<Addition> all, boolean isOwn) {
  /** One variable and the URL's parameter that it stands for. */
  record Addition(String variable, String parameter, String value) {
    boolean isTls() {
      return TlsPolicy.decides(parameter);
    }

    /** What it alone asks for of a service; null if it does not say so clearly, which is noted. */
    @Nullable Level level(ServiceUrl url, Problems problems) {
      ServiceUrl alone = new ServiceUrl(url.scheme(), url.hosts(), "", Map.of(parameter, value));
      return VariablesBesideUrl.level(alone, variable, problems);
    }

    @Override
    public String toString() {
      return variable;
    }
  }

  /**
   * The URL with what it leaves open.
   *
   * @param written as it was parsed
   * @param text as it was declared
   * @param origin what declared it
   * @param tlsOpen whether nothing stronger than the URL says what is asked of TLS
   */
  ParsedUrl fill(
      ParsedUrl written,
      String text,
      String origin,
      boolean tlsOpen,
      UrlParser parser,
      Problems problems)
      throws RefusedValue {
    ParsedUrl filled = written;
    String whole = text;
    for (Addition addition : all) {
      if (!isWanted(addition, written.url(), origin, tlsOpen, problems)) {
        continue;
      }
      String longer = with(whole, addition);
      try {
        ParsedUrl next = parser.parse(longer);
        if (!next.url().equals(filled.url())) {
          warnObeyed(addition, origin, problems);
        }
        filled = next;
        whole = longer;
      } catch (RefusedValue e) {
        warnNotObeyed(addition, origin, problems);
      }
    }
    return filled;
  }

  private boolean isWanted(
      Addition addition, ServiceUrl url, String origin, boolean tlsOpen, Problems problems) {
    if (addition.isTls()) {
      return tlsOpen && isFitting(addition, url, origin, problems);
    }
    String own =
        url.parameters().entrySet().stream()
            .filter(one -> one.getKey().equalsIgnoreCase(addition.parameter()))
            .map(Map.Entry::getValue)
            .findFirst()
            .orElse(null);
    if (own != null && !own.equals(addition.value())) {
      warnNotObeyed(addition, origin, problems);
    }
    return own == null;
  }

  /** Whether a word about TLS is one, and the URL has none. What contradicts the URL's is noted. */
  private boolean isFitting(Addition addition, ServiceUrl url, String origin, Problems problems) {
    Level asked = addition.level(url, problems);
    if (asked == null || url.parameters().keySet().stream().noneMatch(TlsPolicy::decides)) {
      return asked != null;
    }
    // What is wrong with the URL's own words is reported by TargetReader.
    Level given = level(url, origin, new Problems());
    if (isOwn && given != null && contradicts(addition, asked, given)) {
      problems.add(
          addition.variable(),
          "it and %s say two things about TLS".formatted(origin),
          "Keep one of the two");
    }
    return false;
  }

  /** What a URL asks for; null if it does not say so clearly, which is noted. */
  private static @Nullable Level level(ServiceUrl url, String origin, Problems problems) {
    try {
      return TlsPolicy.of(url, TlsSettings.FROM_URL, origin).level();
    } catch (ProblemException e) {
      Problem problem = e.problems().getFirst();
      problems.add(origin, problem.what(), problem.remedy());
      return null;
    }
  }

  private static boolean contradicts(Addition addition, Level asked, Level given) {
    if (asked == Level.NONE) {
      return given.insists();
    }
    // A mere yes leaves it to the URL how much the server has to prove.
    return TlsPolicy.isPlainYes(addition.parameter(), addition.value())
        ? !given.insists()
        : asked.insists() && asked.compareTo(given) > 0;
  }

  private void warnObeyed(Addition addition, String origin, Problems problems) {
    if (!isOwn) {
      problems.warn(
          addition.variable(),
          "it is obeyed for %s, which leaves it open".formatted(origin),
          "Say it in the URL, or take the variable out if another service is meant");
    }
  }

  private static void warnNotObeyed(Addition addition, String origin, Problems problems) {
    problems.warn(
        addition.variable(),
        "it is not obeyed: %s says otherwise, and has the last word".formatted(origin),
        "Take one of the two out");
  }

  /** With one more parameter, which the parser takes for a part of the place where it is one. */
  static String with(String text, Addition addition) throws RefusedValue {
    String url = ConnectionString.toUrl(text);
    int fragment = url.indexOf('#');
    String before = fragment < 0 ? url : url.substring(0, fragment);
    String after = fragment < 0 ? "" : url.substring(fragment);
    return before
        + (before.indexOf('?') < 0 ? "?" : "&")
        + addition.parameter()
        + "="
        + UrlQuery.encode(addition.value())
        + after;
  }
}
