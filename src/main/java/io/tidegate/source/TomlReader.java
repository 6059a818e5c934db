package io.tidegate.source;

import io.tidegate.policy.Severity;
import io.tidegate.source.SourceFile.Location;
import io.tidegate.source.SourceFile.UnreadableFileException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.tomlj.Toml;
import org.tomlj.TomlArray;
import org.tomlj.TomlParseResult;
import org.tomlj.TomlPosition;
import org.tomlj.TomlTable;

/** Reads a TOML file as the same tree of nodes as YAML. No message of the library is passed on. */
public final class TomlReader {
  /** Written by hand. The library's time and stack grow with the text, so that more is refused. */
  private static final int LONGEST = 128 * 1024;

  private final SourceFile file;

  private TomlReader(SourceFile file) {
    this.file = file;
  }

  /**
   * Reads a file.
   *
   * @throws UnreadableFileException if the text is no TOML, or is too long or too deeply nested
   */
  public static YamlNode read(SourceFile file) throws UnreadableFileException {
    if (file.text().length() > LONGEST) {
      throw unreadable(Location.start(file.name()), "is too long to be written by hand");
    }
    try {
      TomlParseResult result = Toml.parse(file.text());
      if (result.hasErrors()) {
        TomlPosition position = result.errors().getFirst().position();
        throw unreadable(
            new Location(file.name(), position.line(), position.column()),
            "is not valid TOML here");
      }
      return new TomlReader(file).node(result, Location.start(file.name()));
    } catch (StackOverflowError e) {
      throw unreadable(Location.start(file.name()), "is nested too deeply");
    }
  }

  private static UnreadableFileException unreadable(Location location, String what) {
    return new UnreadableFileException(
        Severity.ERROR, location, what + ", so the file is not checked", "Correct it");
  }

  private YamlNode node(@Nullable Object value, Location location) {
    if (value instanceof TomlTable table) {
      Map<String, YamlNode.Entry> entries = new LinkedHashMap<>();
      for (String key : table.keySet()) {
        List<String> path = List.of(key);
        Location at = location(table.inputPositionOf(path), location);
        entries.put(key, new YamlNode.Entry(at, node(table.get(path), at)));
      }
      return new YamlNode.Mapping(entries, location, YamlNode.PLAIN);
    }
    if (value instanceof TomlArray array) {
      List<YamlNode> items = new ArrayList<>();
      for (int i = 0; i < array.size(); i++) {
        items.add(node(array.get(i), location(array.inputPositionOf(i), location)));
      }
      return new YamlNode.Sequence(items, location, YamlNode.PLAIN);
    }
    String text = String.valueOf(value);
    return new YamlNode.Scalar(text, text, false, location, null, YamlNode.PLAIN);
  }

  private Location location(@Nullable TomlPosition position, Location above) {
    return position == null ? above : new Location(file.name(), position.line(), position.column());
  }
}
