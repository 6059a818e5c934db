package io.tidegate.replicas;

import io.tidegate.digest.Sha256;
import io.tidegate.target.Target;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/**
 * The names of this process's watching sessions on the servers of its targets. By them the replicas
 * of one app can be counted there, and those of another app are not. A name is {@code
 * tidegate:APP:PROCESS}: the first part is the same for all replicas of an app, the second is new
 * for each start of a process. Nothing secret is part of it.
 */
public final class SessionNames {
  private static final int DIGITS = 16;

  private final String process = Long.toHexString(RandomGenerator.getDefault().nextLong());
  private volatile @Nullable String app;
  private volatile String advice = "";

  /**
   * Gives names from now on; before, sessions have none.
   *
   * @param declared the app's name; null: all that is declared about the targets stands for it
   */
  public void enable(@Nullable String declared, List<Target> targets) {
    advice = declared == null ? "; if other apps are among them, set TIDEGATE_APP for each" : "";
    app =
        declared == null
            ? targets.stream().map(SessionNames::describe).toList().toString()
            : declared;
  }

  /** The name for the sessions of a target; empty: they get none. */
  public Optional<String> of(Target target) {
    return prefix(target).map(prefix -> prefix + process);
  }

  /** How many processes of this app the names belong to that a server lists. */
  public int count(Target target, Collection<String> listed) {
    return prefix(target)
        .map(prefix -> listed.stream().filter(name -> name.startsWith(prefix)).distinct().count())
        .orElse(0L)
        .intValue();
  }

  /**
   * Where replicas were seen, as the source of a count.
   *
   * @param list what the server calls its list of sessions
   */
  public String source(Target target, String list) {
    return "seen as sessions of Tidegate (%s of %s%s)".formatted(list, target.name(), advice);
  }

  private Optional<String> prefix(Target target) {
    return Optional.ofNullable(app)
        .map(it ->
            "tidegate:%s:"
                .formatted(Sha256.hexOf(it + "\n" + describe(target)).substring(0, DIGITS)));
  }

  /** What all replicas of an app declare alike. A user may be made for each, as by Vault. */
  private static String describe(Target target) {
    return String.join(
        " ", target.name(), target.origin(), target.url().toString(), target.purpose().id());
  }
}
