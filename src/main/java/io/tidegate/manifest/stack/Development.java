package io.tidegate.manifest.stack;

import io.tidegate.manifest.source.Tree;
import java.util.Set;
import java.util.regex.Pattern;

/**
 * Tells what looks like a developer's own machine, where a lost database is a nuisance and not a loss.
 */
public final class Development {
  private static final Pattern NAMED =
      Pattern.compile(
          "(?i)(?:^|[./_-])(?:dev|devel|development|local|test|tests|testing|e2e|ci|override|debug"
              + "|sandbox|devcontainer)(?=[./_-])");
  private static final Set<String> PROFILES =
      Set.of("dev", "development", "local", "test", "debug");

  private Development() {}

  /** By a word in the file's name or in that of its directory. */
  public static boolean isNamed(String name) {
    int slash = name.lastIndexOf('/');
    int above = slash < 0 ? -1 : name.lastIndexOf('/', slash - 1);
    return NAMED.matcher(name.substring(above + 1)).find();
  }

  /** By a service that is built here and has its source code mounted over what was built. */
  public static boolean mountsItsSource(Tree project) {
    return project.entries("services").values().stream()
        .map(Tree.Entry::value)
        .filter(service -> service.map().containsKey("build"))
        .flatMap(service -> service.items("volumes").stream())
        .anyMatch(volume -> isSource(volume.word("source")) && volume.word("type").equals("bind"));
  }

  private static boolean isSource(String source) {
    return source.equals(".")
        || source.equals("./")
        || source.matches("\\./[\\w-]*(src|app|web|api|backend|frontend|server|client)/?");
  }

  /** By the profiles under which alone a service starts. */
  public static boolean byProfile(Tree service) {
    return !service.items("profiles").isEmpty()
        && service.items("profiles").stream()
            .allMatch(profile ->
                profile instanceof Tree.Scalar scalar && PROFILES.contains(scalar.text()));
  }
}
