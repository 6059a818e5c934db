package io.tidegate.manifest.appfile;

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
          Map.entry("properties", LineText::read),
          Map.entry("ini", LineText::read),
          Map.entry("conf", LineText::read),
          Map.entry("cfg", LineText::read),
          Map.entry("env", LineText::read),
          Map.entry("toml", LineText::read),
          Map.entry("yml", YamlText::read),
          Map.entry("yaml", YamlText::read),
          Map.entry("xml", XmlText::read),
          Map.entry("json", BraceText::read),
          Map.entry("js", BraceText::read),
          Map.entry("cjs", BraceText::read),
          Map.entry("mjs", BraceText::read),
          Map.entry("ts", BraceText::read),
          Map.entry("prisma", BraceText::read),
          Map.entry("py", BraceText::python));

  private AppFile() {}

  /** Whether a file of this name is taken for a configuration. */
  public static boolean isOne(String name) {
    return format(name).isPresent();
  }

  /** The settings in a file, in the order written; none where its name tells no format. */
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
        ? Optional.of(LineText::read)
        : file.contains(".") ? Optional.ofNullable(FORMATS.get(suffix)) : Optional.empty();
  }
}
