package io.tidegate.replicas.kubernetes;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.core.JsonParser;
import tools.jackson.core.JsonToken;
import tools.jackson.core.ObjectReadContext;
import tools.jackson.core.StreamReadConstraints;
import tools.jackson.core.json.JsonFactory;

/**
 * A JSON object as the API gives it. Members that are missing, or of another type than asked for, are
 * as absent.
 */
final class ApiObject {
  private static final int MAX_DEPTH = 100;

  /** Large and never looked at. */
  private static final Set<String> SKIPPED = Set.of("managedFields", "annotations", "template");

  private static final JsonFactory FACTORY =
      JsonFactory.builder()
          .streamReadConstraints(StreamReadConstraints.builder().maxNestingDepth(MAX_DEPTH).build())
          .build();

  private final Map<?, ?> members;

  private ApiObject(Map<?, ?> members) {
    this.members = members;
  }

  /** The object in a text; null if that holds anything else. */
  static @Nullable ApiObject parse(byte[] text) {
    try (JsonParser parser = FACTORY.createParser(ObjectReadContext.empty(), text)) {
      if (parser.nextToken() != JsonToken.START_OBJECT) {
        return null;
      }
      ApiObject json = new ApiObject(object(parser));
      return parser.nextToken() == null ? json : null;
    } catch (JacksonException e) {
      return null;
    }
  }

  /** The object under these names, one within the other; an empty one if there is none. */
  ApiObject at(String... names) {
    ApiObject json = this;
    for (String name : names) {
      json =
          json.members.get(name) instanceof Map<?, ?> inner
              ? new ApiObject(inner)
              : new ApiObject(Map.of());
    }
    return json;
  }

  /** A text; empty if there is none. */
  String text(String name) {
    return members.get(name) instanceof String text ? text : "";
  }

  /** A whole number; null if there is none. */
  @Nullable Integer number(String name) {
    return members.get(name) instanceof Integer number ? number : null;
  }

  boolean isTrue(String name) {
    return Boolean.TRUE.equals(members.get(name));
  }

  /** The objects of an array; none if there is no array. */
  List<ApiObject> list(String name) {
    List<ApiObject> list = new ArrayList<>();
    if (members.get(name) instanceof List<?> items) {
      for (Object item : items) {
        if (item instanceof Map<?, ?> object) {
          list.add(new ApiObject(object));
        }
      }
    }
    return list;
  }

  private static Map<String, Object> object(JsonParser parser) {
    Map<String, Object> members = new LinkedHashMap<>();
    while (parser.nextToken() == JsonToken.PROPERTY_NAME) {
      String name = parser.currentName();
      parser.nextToken();
      Object value = SKIPPED.contains(name) ? skipped(parser) : value(parser);
      if (value != null) {
        members.put(name, value);
      }
    }
    return members;
  }

  private static @Nullable Object skipped(JsonParser parser) {
    parser.skipChildren();
    return null;
  }

  private static @Nullable Object value(JsonParser parser) {
    return switch (parser.currentToken()) {
      case START_OBJECT -> object(parser);
      case START_ARRAY -> {
        List<Object> items = new ArrayList<>();
        while (parser.nextToken() != JsonToken.END_ARRAY) {
          Object item = value(parser);
          if (item != null) {
            items.add(item);
          }
        }
        yield items;
      }
      case VALUE_STRING -> parser.getString();
      case VALUE_TRUE -> true;
      case VALUE_FALSE -> false;
      case VALUE_NUMBER_INT -> whole(parser);
      default -> null;
    };
  }

  /** Counts have 32 bits in the API: what has more is as good as endless. */
  private static Integer whole(JsonParser parser) {
    return parser.getNumberType() == JsonParser.NumberType.INT
        ? parser.getIntValue()
        : Integer.MAX_VALUE;
  }
}
