package io.tidegate.migration.risk;

import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A column's type as a server or a statement spells it, as far as two of them can be compared. What is
 * not known to keep every value is taken to narrow it.
 *
 * @param base its name, of several the one that is used here
 * @param arguments what stands in parentheses
 * @param unsigned whether MySQL takes no negative number there
 */
public record ColumnType(String base, List<String> arguments, boolean unsigned) {
  private static final Pattern SHAPE =
      Pattern.compile("([a-z0-9_ ]+)(?:\\(([^)]*)\\)([a-z ]*))?(\\[])?");

  private static final Map<String, String> NAMES =
      Map.ofEntries(
          Map.entry("character varying", "varchar"),
          Map.entry("character", "char"),
          Map.entry("bpchar", "char"),
          Map.entry("integer", "int"),
          Map.entry("int4", "int"),
          Map.entry("serial", "int"),
          Map.entry("int8", "bigint"),
          Map.entry("bigserial", "bigint"),
          Map.entry("int2", "smallint"),
          Map.entry("decimal", "numeric"),
          Map.entry("bool", "boolean"),
          Map.entry("float4", "real"),
          Map.entry("float8", "double precision"),
          Map.entry("double", "double precision"),
          Map.entry("timestamp without time zone", "timestamp"),
          Map.entry("timestamp with time zone", "timestamptz"),
          Map.entry("time without time zone", "time"));

  private static final List<String> INTEGERS =
      List.of("tinyint", "smallint", "mediumint", "int", "bigint");
  private static final List<String> TEXTS = List.of("tinytext", "text", "mediumtext", "longtext");

  /** Of each, the types that keep all its values. */
  private static final Map<String, List<String>> KEPT_BY =
      Map.of(
          "real", List.of("double precision"),
          "float", List.of("double precision"),
          "date", List.of("timestamp", "timestamptz", "datetime"),
          "timestamp", List.of("timestamptz", "datetime"),
          "json", List.of("jsonb"),
          "jsonb", List.of("json"),
          "varchar", List.of("citext"),
          "text", List.of("citext"),
          "citext", List.of("text"));

  /** Reads it. What it cannot take apart is a type of its own. */
  public static ColumnType of(String spelled) {
    String text = spelled.toLowerCase(Locale.ROOT).replaceAll("\\s+", " ").strip();
    Matcher shape = SHAPE.matcher(text);
    if (!shape.matches()) {
      return new ColumnType(text, List.of(), false);
    }
    String tail = shape.group(3) == null ? "" : shape.group(3).strip();
    boolean unsigned = (shape.group(1) + " " + tail).contains("unsigned");
    String zone = tail.contains("time zone") ? " " + tail : "";
    String name = shape.group(1).replace("unsigned", "").replace("signed", "").strip() + zone;
    String base = NAMES.getOrDefault(name, name) + (shape.group(4) == null ? "" : "[]");
    String arguments = shape.group(2);
    // What MySQL writes behind its integers is only how wide they are shown.
    boolean width = INTEGERS.contains(base) && !spelled.equalsIgnoreCase("tinyint(1)");
    return new ColumnType(
        base,
        arguments == null || width
            ? List.of()
            : Arrays.stream(arguments.split(",", -1)).map(String::strip).toList(),
        unsigned);
  }

  /** Whether a value of this type may be lost or refused in that one. */
  public boolean mayNarrowTo(ColumnType to) {
    if (equals(to) || to.base.equals("longtext")) {
      return false;
    }
    if (base.equals(to.base)) {
      return unsigned != to.unsigned || narrowsArguments(to);
    }
    int from = INTEGERS.indexOf(base);
    int into = INTEGERS.indexOf(to.base);
    if (from >= 0 && into >= 0) {
      return into < from || (to.unsigned && !unsigned);
    }
    if (from >= 0 && to.base.equals("numeric")) {
      return !to.arguments.isEmpty();
    }
    if (TEXTS.contains(base) && TEXTS.contains(to.base)) {
      return TEXTS.indexOf(to.base) < TEXTS.indexOf(base);
    }
    if (base.equals("char") && to.base.equals("varchar")) {
      return narrowsArguments(to);
    }
    if (to.base.equals("text")) {
      return base.endsWith("blob") || base.equals("bytea") || TEXTS.contains(base);
    }
    return !KEPT_BY.getOrDefault(base, List.of()).contains(to.base);
  }

  /** Whether PostgreSQL writes the table anew for it. */
  public boolean isRewrittenTo(ColumnType to) {
    boolean texts = List.of("varchar", "text").contains(base);
    boolean grows =
        base.equals(to.base)
            && List.of("varchar", "numeric", "varbit").contains(base)
            && !narrowsArguments(to)
            && (!base.equals("numeric") || to.arguments.isEmpty() || scale() == to.scale());
    return !equals(to) && !grows && !(texts && to.base.equals("text"));
  }

  private boolean narrowsArguments(ColumnType to) {
    if (to.arguments.isEmpty()) {
      return false;
    }
    if (base.equals("enum") || base.equals("set")) {
      return !to.arguments.containsAll(arguments);
    }
    if (arguments.isEmpty()) {
      return true;
    }
    return base.equals("numeric")
        ? to.scale() < scale() || to.number(0) - to.scale() < number(0) - scale()
        : to.number(0) < number(0);
  }

  private int scale() {
    return arguments.size() > 1 ? number(1) : 0;
  }

  private int number(int at) {
    String digits = arguments.get(at);
    return digits.matches("[0-9]{1,9}") ? Integer.parseInt(digits) : 0;
  }
}
