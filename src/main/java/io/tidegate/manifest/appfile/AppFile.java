package io.tidegate.manifest.appfile;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;

/**
 * The formats of apps' configuration files, by the endings of their names. None is read as its own
 * parser would: templates are put into such files, and of most of a program's text nothing is needed.
 */
public final class AppFile {
  /** What is larger was not written by hand. */
  public static final int LARGEST = 1024 * 1024;

  private static final Map<String, Function<String, List<Setting>>> FORMATS =
      Map.ofEntries(
          Map.entry("properties", LineFormats::read),
          Map.entry("ini", LineFormats::read),
          Map.entry("conf", LineFormats::read),
          Map.entry("cfg", LineFormats::read),
          Map.entry("env", LineFormats::read),
          Map.entry("toml", LineFormats::read),
          Map.entry("yml", LineFormats.YamlLines::read),
          Map.entry("yaml", LineFormats.YamlLines::read),
          Map.entry("xml", XmlFormat::read),
          Map.entry("json", CodeFormat::read),
          Map.entry("js", CodeFormat::read),
          Map.entry("cjs", CodeFormat::read),
          Map.entry("mjs", CodeFormat::read),
          Map.entry("ts", CodeFormat::read),
          Map.entry("prisma", CodeFormat::read),
          Map.entry("py", CodeFormat::python));

  private AppFile() {}

  /** Whether a file of this name is taken for a configuration. */
  public static boolean isKnown(String name) {
    return format(name).isPresent();
  }

  /** The settings in a file, in the order written; none where its name has no known ending. */
  public static List<Setting> read(String name, String text) {
    if (text.length() > LARGEST) {
      return List.of();
    }
    return format(name).map(format -> format.apply(text)).orElse(List.of());
  }

  private static Optional<Function<String, List<Setting>>> format(String name) {
    String file = name.substring(name.lastIndexOf('/') + 1);
    String suffix = file.substring(file.lastIndexOf('.') + 1).toLowerCase(Locale.ROOT);
    return file.startsWith(".env")
        ? Optional.of(LineFormats::read)
        : file.contains(".") ? Optional.ofNullable(FORMATS.get(suffix)) : Optional.empty();
  }

  /**
   * A setting in a configuration file of an app.
   *
   * @param path its key, after those of the sections it stands in; never empty
   * @param value without quotes
   * @param line in the file, from 1
   * @param column where the setting begins, from 1
   */
  public record Setting(List<String> path, String value, int line, int column) {
    private static final int TELLING = 2;

    /** Copies the list. */
    public Setting {
      path = List.copyOf(path);
    }

    /** The whole key: {@code spring.datasource.url}. */
    public String key() {
      return String.join(".", path);
    }

    /** Its own key with that of its section: what stands further out says nothing of a database. */
    public String name() {
      return String.join(".", path.subList(Math.max(0, path.size() - TELLING), path.size()));
    }

    /** The sections that it stands in. */
    public List<String> section() {
      return path.subList(0, path.size() - 1);
    }

    /** The key only: the value may be secret. */
    @Override
    public String toString() {
      return key();
    }
  }

  /** Gathers settings, up to a number that no configuration written by hand reaches. */
  static final class SettingList {
    private static final int MOST = 20_000;
    private static final int LONGEST_PATH = 50;
    private static final int LONGEST_KEY = 200;

    private final List<Setting> settings = new ArrayList<>();

    /** Adds one, if it has a value. */
    void add(List<String> path, String value, int line, int column) {
      boolean bounded =
          path.size() <= LONGEST_PATH && path.stream().allMatch(key -> key.length() <= LONGEST_KEY);
      if (!value.isEmpty() && !isFull() && bounded) {
        settings.add(new Setting(path, value, line, column));
      }
    }

    /** Whether no more are taken. */
    boolean isFull() {
      return settings.size() >= MOST;
    }

    List<Setting> list() {
      return List.copyOf(settings);
    }

    /** Without the quotes around it and, where there are none, without the comment behind it. */
    static String value(String written) {
      String text = written.strip();
      if (text.isEmpty()) {
        return text;
      }
      char quote = text.charAt(0);
      if (quote == '"' || quote == '\'') {
        int end = text.indexOf(quote, 1);
        return end < 0 ? text.substring(1) : text.substring(1, end);
      }
      for (int i = 1; i < text.length(); i++) {
        boolean comment = text.charAt(i) == '#' || text.charAt(i) == ';';
        if (comment && Character.isWhitespace(text.charAt(i - 1))) {
          return text.substring(0, i).strip();
        }
      }
      return text;
    }
  }
}
