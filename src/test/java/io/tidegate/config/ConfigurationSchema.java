package io.tidegate.config;

import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/** The JSON schema of the YAML file, made from the table of keys. */
final class ConfigurationSchema {
  private static final JsonMapper JSON = new JsonMapper();

  /** What a user may choose as a name; the reader takes capitals and underscores too. */
  private static final String CHOSEN = "^[A-Za-z0-9]([A-Za-z0-9_-]{0,61}[A-Za-z0-9])?$";

  /** The name of a placeholder, or of one whose value is in a file. */
  private static final String CHOSEN_LAST = "^[A-Za-z0-9]([A-Za-z0-9._:-]{0,61}[A-Za-z0-9])?$";

  private ConfigurationSchema() {}

  /** The schema as text, in draft 7, which every editor knows. */
  static String text() {
    ObjectNode schema = JSON.createObjectNode();
    schema.put("$schema", "http://json-schema.org/draft-07/schema#");
    schema.put("title", "tidegate.yaml");
    schema.put("description", "The configuration of Tidegate; see configuration.md.");
    schema.put("type", "object");
    schema.put("additionalProperties", false);
    ObjectNode settings = settings();
    // The "tidegate:" at the top may be left out.
    ObjectNode properties = schema.putObject("properties");
    properties.putObject("tidegate").put("$ref", "#/definitions/settings");
    settings
        .get("properties")
        .propertyNames()
        .forEach(name ->
            properties.putObject(name).put("$ref", "#/definitions/settings/properties/" + name));
    schema.putObject("definitions").set("settings", settings);
    return JSON.writerWithDefaultPrettyPrinter().writeValueAsString(schema) + "\n";
  }

  private static ObjectNode settings() {
    ObjectNode root = section();
    for (Key<?> key : Keys.all()) {
      // A file cannot name the file to read; a placeholder and its file have one pattern.
      if (!key.equals(Keys.CONFIG) && !key.equals(Keys.PLACEHOLDER_FILE)) {
        put(root, key);
      }
    }
    return root;
  }

  private static void put(ObjectNode root, Key<?> key) {
    String[] parts = key.pattern().split("\\.", -1);
    ObjectNode section = root;
    for (int i = 0; i < parts.length - 1; i++) {
      boolean chosen = parts[i].startsWith("<");
      section =
          child(section, chosen ? "patternProperties" : "properties", chosen ? CHOSEN : parts[i]);
    }
    String last = parts[parts.length - 1];
    if (last.startsWith("<")) {
      section.withObjectProperty("patternProperties").set(CHOSEN_LAST, value(key));
    } else {
      section.withObjectProperty("properties").set(last, value(key));
    }
  }

  private static ObjectNode child(ObjectNode section, String kind, String name) {
    ObjectNode children = section.withObjectProperty(kind);
    if (!children.has(name)) {
      children.set(name, section());
    }
    return (ObjectNode) children.get(name);
  }

  private static ObjectNode section() {
    return JSON.createObjectNode().put("type", "object").put("additionalProperties", false);
  }

  private static ObjectNode value(Key<?> key) {
    ObjectNode schema = JSON.createObjectNode();
    schema.put("description", key.doc().replace("`", ""));
    schema.setAll((ObjectNode) JSON.readTree(key.valueType().schema()));
    if (key.fallback() != null && !key.fallback().written().isEmpty()) {
      switch (key.fallback().value()) {
        case Integer number -> schema.put("default", number);
        case Boolean flag -> schema.put("default", flag);
        case null, default -> schema.put("default", key.fallback().written());
      }
    }
    return schema;
  }
}
