package io.tidegate.manifest.appfile;

import io.tidegate.manifest.appfile.AppFile.Setting;
import io.tidegate.manifest.appfile.AppFile.SettingList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * XML: what stands in elements and attributes. {@code <property name="url">} and {@code <add
 * name="Default" connectionString="">} have the setting's name in an attribute.
 */
final class XmlFormat {
  private static final Pattern COMMENT = Pattern.compile("(?s)<!--.*?(?:-->|\\z)");
  private static final Pattern ELEMENT =
      Pattern.compile(
          "<(?<element>[A-Za-z][\\w.:-]{0,100}+)(?<attributes>[^<>]*+)>(?<text>[^<>]*+)");
  private static final Pattern ATTRIBUTE =
      Pattern.compile(
          "(?<name>[A-Za-z][\\w.:-]{0,100}+)\\s{0,9}=\\s{0,9}(?:\"(?<a>[^\"]*+)\"|'(?<b>[^']*+)')");

  private XmlFormat() {}

  static List<Setting> read(String text) {
    SettingList settings = new SettingList();
    // Blanked out rather than cut, so that places stay what they are.
    String bare =
        COMMENT.matcher(text).replaceAll(comment -> comment.group().replaceAll("[^\\n]", " "));
    Matcher element = ELEMENT.matcher(bare);
    int line = 1;
    int lineStart = 0;
    int from = 0;
    while (!settings.isFull() && element.find()) {
      for (; from < element.start(); from++) {
        if (bare.charAt(from) == '\n') {
          line++;
          lineStart = from + 1;
        }
      }
      int column = from - lineStart + 1;
      String name = element.group("element");
      Matcher attribute = ATTRIBUTE.matcher(element.group("attributes"));
      while (attribute.find()) {
        String value = attribute.group("a") == null ? attribute.group("b") : attribute.group("a");
        String key = attribute.group("name");
        if (key.equals("name") || key.equals("key")) {
          name = value;
        } else {
          settings.add(List.of(name, key), value.strip(), line, column);
        }
      }
      settings.add(List.of(name), element.group("text").strip(), line, column);
    }
    return settings.list();
  }
}
