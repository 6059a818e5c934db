package io.tidegate.manifest.rules;

import io.tidegate.manifest.stack.Container;
import io.tidegate.manifest.stack.Container.Variable;
import io.tidegate.manifest.stack.Database.ImageName;
import io.tidegate.manifest.stack.ShellWords;
import io.tidegate.manifest.stack.Storage.MountedFile;
import io.tidegate.source.SourceFile.Location;
import io.tidegate.source.SourceFile.SourceText;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * What the command and the configuration file of a Redis say. What neither says stands at Redis's own
 * default, and a bare server takes snapshots.
 *
 * @see <a href="https://redis.io/docs/latest/operate/oss_and_stack/management/config/">Redis
 *     configuration</a>
 */
final class RedisSettings {
  private final Map<String, String> values = new HashMap<>();
  private final List<String> saves = new ArrayList<>();
  private final @Nullable Location location;
  private boolean complete = true;

  private RedisSettings(@Nullable Location location) {
    this.location = location;
  }

  static RedisSettings of(Container redis) {
    RedisSettings settings =
        new RedisSettings(redis.command().isEmpty() ? null : redis.command().getFirst().location());
    List<String> words =
        redis.command().stream()
            .map(SourceText::value)
            .flatMap(
                word -> (word.indexOf(' ') > 0 ? ShellWords.split(word) : List.of(word)).stream())
            .toList();
    for (String word : words) {
      if (word.endsWith(".conf")) {
        settings.file(redis.storage().files().get(word));
      }
    }
    settings.options(words);
    settings.bitnami(redis);
    return settings;
  }

  private void file(@Nullable MountedFile file) {
    if (file == null) {
      complete = false;
      return;
    }
    for (String line : file.text().lines().toList()) {
      List<String> words = ShellWords.split(line.strip());
      if (words.size() > 1 && !words.getFirst().startsWith("#")) {
        put(words.getFirst(), String.join(" ", words.subList(1, words.size())));
      }
    }
  }

  private void options(List<String> words) {
    boolean firstSave = true;
    for (int i = 0; i < words.size(); i++) {
      if (!words.get(i).startsWith("--")) {
        continue;
      }
      List<String> value = new ArrayList<>();
      for (int j = i + 1; j < words.size() && !words.get(j).startsWith("--"); j++) {
        value.add(words.get(j));
      }
      String key = words.get(i).substring(2);
      if (key.equals("save") && firstSave) {
        saves.clear();
        firstSave = false;
      }
      put(key, String.join(" ", value));
    }
  }

  private void put(String key, String value) {
    if (key.equals("save")) {
      if (value.isBlank()) {
        saves.clear();
      }
      saves.add(value.strip());
    } else {
      values.put(key, value.strip());
    }
    boolean decides = key.equals("save") || key.equals("appendonly");
    boolean known = !value.contains("${") && !value.contains("$(");
    if (key.equals("include") || (decides && !known)) {
      complete = false;
    }
  }

  /** Bitnami's images are set by variables, and append to a file unless set otherwise. */
  private void bitnami(Container redis) {
    if (redis.imageName().map(ImageName::repository).orElse("").contains("bitnami")) {
      values.putIfAbsent("appendonly", "yes");
      for (Variable variable : redis.environment()) {
        if (variable.name().endsWith("_AOF_ENABLED") && !variable.known().isEmpty()) {
          values.put("appendonly", variable.known());
        }
        if (variable.name().endsWith("_RDB_POLICY_DISABLED") && variable.known().equals("yes")) {
          put("save", "");
        }
      }
    }
  }

  /** Why nothing is kept; empty where something is, or where it is not known. */
  Optional<String> keepsNothing() {
    boolean snapshots = saves.isEmpty() || saves.stream().anyMatch(save -> !save.isBlank());
    return complete && !snapshots && !appends()
        ? Optional.of("save is \"\" and appendonly is not yes, so that nothing is kept")
        : Optional.empty();
  }

  /** Whether it is set to write down each change: then it is meant to keep what it holds. */
  boolean appends() {
    return values.getOrDefault("appendonly", "no").equalsIgnoreCase("yes");
  }

  /** Whether keys may be dropped to make room, which one allows for a cache only. */
  boolean evicts() {
    return values.getOrDefault("maxmemory-policy", "").startsWith("allkeys");
  }

  /** Whether keys may be dropped to make room, be it only those with an expiry. */
  boolean mayEvict() {
    return evicts() || values.getOrDefault("maxmemory-policy", "").startsWith("volatile-");
  }

  /** Whether jobs may be dropped, which seldom have an expiry; without a limit nothing is. */
  boolean evictsJobs() {
    return evicts() && isLimited();
  }

  private boolean isLimited() {
    return !complete || !values.getOrDefault("maxmemory", "0").matches("0[a-zA-Z]*");
  }

  /** What it drops, in words. */
  String describeEviction() {
    return "maxmemory-policy is %s, so that %s%s"
        .formatted(
            values.getOrDefault("maxmemory-policy", ""),
            evicts() ? "any key may go" : "keys with an expiry may go early",
            isLimited() ? "" : " as soon as a maxmemory is set");
  }

  /** The most memory for data, as written; empty where nothing is said. */
  String maxmemory() {
    return values.getOrDefault("maxmemory", "");
  }

  /** Where its command stands; null: nowhere. */
  @Nullable Location location() {
    return location;
  }
}
