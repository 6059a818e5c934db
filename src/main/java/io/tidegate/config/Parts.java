package io.tidegate.config;

import io.tidegate.config.ValueType.RefusedValue;
import io.tidegate.target.TlsPolicy;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.UnaryOperator;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * What is set of one family of variables.
 *
 * @param further by the URL's parameter
 * @param isHostMissing whether the host is set to nothing: a value that did not get there
 */
record Parts(
    PartVariableNames names,
    Optional<PartVariable> kind,
    Optional<PartVariable> host,
    Optional<PartVariable> port,
    Optional<PartVariable> user,
    Optional<PartVariable> password,
    Optional<PartVariable> database,
    Map<String, PartVariable> further,
    boolean isHostMissing) {

  /** The variables that are set, for messages. */
  String set() {
    return isEmpty() ? names.host().getFirst() : all();
  }

  private String all() {
    return Stream.of(kind, host, port, user, password, database)
        .flatMap(Optional::stream)
        .map(PartVariable::name)
        .collect(Collectors.joining(", "));
  }

  boolean isEmpty() {
    return all().isEmpty();
  }

  /** The URL that they stand for, without user and password, and without what is said of TLS. */
  String url(String scheme) throws RefusedValue {
    Map<String, String> parameters = new LinkedHashMap<>();
    String name = host.orElseThrow().text();
    if (name.contains("://")) {
      throw new RefusedValue(
          "a URL stands where a host is expected", "Write the name of the host alone");
    }
    parameters.put("host", name);
    if (port.isPresent()) {
      parameters.put("port", port.get().text());
    }
    for (Map.Entry<String, PartVariable> one : further.entrySet()) {
      String value = PartVariableNames.value(one.getValue().name(), one.getValue().text());
      if (!value.isEmpty() && !TlsPolicy.decides(one.getKey())) {
        parameters.put(one.getKey(), value);
      }
    }
    return "%s:///%s?%s"
        .formatted(
            scheme,
            UrlQuery.encode(database.isPresent() ? database.get().text() : ""),
            parameters.entrySet().stream()
                .map(one -> one.getKey() + "=" + UrlQuery.encode(one.getValue()))
                .collect(Collectors.joining("&")));
  }

  /** What is set of each family. */
  static List<Parts> all(Map<String, String> environment, Problems problems) {
    Reader reader = new Reader(environment, problems);
    return PartVariableNames.ALL.stream().map(reader::read).toList();
  }

  /** Whether a variable is set to something. */
  static boolean isSet(Map<String, String> environment, String variable) {
    return !environment.getOrDefault(variable, "").isBlank();
  }

  /** Finds the variables of a family. */
  private record Reader(Map<String, String> environment, Problems problems) {
    private Parts read(PartVariableNames names) {
      return new Parts(
          names,
          kind(names),
          part(names.host()),
          part(names.port()).filter(port -> !port.value().contains("://")),
          part(names.user()).filter(user -> !isLaravelsNull(user)),
          part(names.password(), UnaryOperator.identity(), false)
              .filter(password -> !isLaravelsNull(password)),
          part(names.database()),
          further(names),
          names.host().stream()
              .anyMatch(host -> isEmpty(host) || isEmpty(host + PartVariableNames.FILE)));
    }

    /**
     * Which service it is. A variable that means something else in some apps counts only where its word
     * is known and another part is set.
     */
    private Optional<PartVariable> kind(PartVariableNames names) {
      Optional<PartVariable> sure = part(names.kind(), Reader::kindMeant, true);
      boolean others =
          Stream.of(names.host(), names.port(), names.user(), names.password(), names.database())
              .flatMap(List::stream)
              .anyMatch(name ->
                  isSet(environment, name) || isSet(environment, name + PartVariableNames.FILE));
      if (sure.isPresent() || !others) {
        return sure;
      }
      List<String> kinds = names.maybeKind().stream().filter(this::namesKind).toList();
      return part(kinds, Reader::kindMeant, true);
    }

    private boolean namesKind(String variable) {
      try {
        UrlScheme.ofDatabaseKind(ConnectionString.unquoted(environment.getOrDefault(variable, "")));
        return true;
      } catch (RefusedValue e) {
        return false;
      }
    }

    private boolean isEmpty(String variable) {
      String value = environment.get(variable);
      return value != null && ConnectionString.unquoted(value).isEmpty();
    }

    /** Of Redis, for which Laravel's example has it; nobody's database takes it for a password. */
    private static boolean isLaravelsNull(PartVariable part) {
      return part.name().startsWith("REDIS_") && part.value().strip().equals("null");
    }

    private Map<String, PartVariable> further(PartVariableNames names) {
      Map<String, PartVariable> found = new LinkedHashMap<>();
      new TreeMap<>(names.further())
          .forEach((variable, parameter) ->
              part(List.of(variable)).ifPresent(part -> found.put(parameter, part)));
      return found;
    }

    private Optional<PartVariable> part(List<String> names) {
      return part(names, UnaryOperator.identity(), true);
    }

    /**
     * The first that is set; another that is set too has to be the same.
     *
     * @param meaning what two values have in common that mean the same
     * @param unquoted whether quotes around it cannot be meant, as they may be of a password
     */
    private Optional<PartVariable> part(
        List<String> names, UnaryOperator<String> meaning, boolean unquoted) {
      PartVariable found = null;
      for (String name : names) {
        for (String variable : List.of(name, name + PartVariableNames.FILE)) {
          String value = environment.getOrDefault(variable, "");
          if (value.isBlank()) {
            continue;
          }
          boolean inFile = !variable.equals(name);
          if ((unquoted || inFile) && ConnectionString.isQuoted(value)) {
            problems.warn(variable, "it stands in quotes, which are left out", "Take them off");
            value = ConnectionString.unquoted(value);
            if (value.isEmpty()) {
              continue;
            }
          }
          PartVariable part = new PartVariable(variable, value, inFile);
          if (found != null && !meaning.apply(found.value()).equals(meaning.apply(value))) {
            problems.add(
                found.name(),
                "it and %s say two things".formatted(variable),
                "Keep one of the two");
          }
          found = found == null ? part : found;
        }
      }
      return Optional.ofNullable(found);
    }

    private static String kindMeant(String word) {
      try {
        return UrlScheme.ofDatabaseKind(word);
      } catch (RefusedValue e) {
        return word;
      }
    }
  }

  /**
   * One variable that is set, or the one that names its file.
   *
   * @param inFile whether the value is a file's path
   */
  record PartVariable(String name, String value, boolean inFile) {
    /** The value; of a file what is in it now. */
    String text() throws RefusedValue {
      return (inFile ? FileText.secret(Path.of(value)) : value).strip();
    }
  }
}
