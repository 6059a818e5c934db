package io.tidegate.config;

import io.tidegate.config.Declarations.Declared;
import io.tidegate.config.ValueType.RefusedValue;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;

/**
 * Targets whose URLs are the arguments of {@code wait}. They replace the targets that the YAML file
 * and the environment declare; every other key, as the deadline, still counts.
 */
final class UrlArguments {
  private UrlArguments() {}

  /**
   * Replaces the declared targets by those of the arguments. A target is named after its kind of
   * service, and numbered where several are of one kind: {@code redis-1}, {@code redis-2}.
   *
   * @param layers the YAML file, the environment, the flags, which may add keys to these targets
   * @return the layers, with the URLs among the flags
   * @throws io.tidegate.problem.ProblemException with exit 64 if a URL is wrong
   */
  static List<List<Declared>> replaceTargets(
      List<List<Declared>> layers, List<String> urls, UrlParser parser, Problems problems) {
    List<String> kinds = new ArrayList<>();
    for (String url : urls) {
      kinds.add(kind(url, Problems.ARGUMENT + (kinds.size() + 1), parser, problems));
    }
    problems.throwIfAny();
    List<Declared> flags = layers.getLast();
    List<Declared> given = new ArrayList<>();
    for (int i = 0; i < urls.size(); i++) {
      String key = Keys.URL.of(name(kinds, i));
      String origin = Problems.ARGUMENT + (i + 1);
      if (flags.stream().anyMatch(flag -> flag.key().equals(key))) {
        problems.add(origin, "a flag declares %s too".formatted(key), "Keep one of the two");
      }
      given.add(new Declared(key, urls.get(i), origin));
    }
    given.addAll(flags);
    return List.of(withoutTargets(layers.get(0)), withoutTargets(layers.get(1)), given);
  }

  private static String kind(String url, String origin, UrlParser parser, Problems problems) {
    if (!Declarations.isFit(url, origin, problems)) {
      return "";
    }
    try {
      return parser.parse(url).engine().traits().id();
    } catch (RefusedValue e) {
      problems.add(origin, e);
      return "";
    }
  }

  private static String name(List<String> kinds, int index) {
    String kind = kinds.get(index);
    int number = Collections.frequency(kinds.subList(0, index + 1), kind);
    return Collections.frequency(kinds, kind) == 1 ? kind : kind + "-" + number;
  }

  private static List<Declared> withoutTargets(List<Declared> layer) {
    return layer.stream()
        .filter(declared -> !declared.isOfTarget() && !Keys.CHANGELOG.matches(declared.key()))
        .toList();
  }
}
