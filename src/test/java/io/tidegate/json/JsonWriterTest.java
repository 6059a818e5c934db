package io.tidegate.json;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.core.JsonParser;
import tools.jackson.core.JsonToken;
import tools.jackson.core.ObjectReadContext;
import tools.jackson.core.json.JsonFactory;

final class JsonWriterTest {
  private static String written(JsonWriter json) {
    return json.beginObject()
        .property("text", "a")
        .property("number", 12L)
        .name("none")
        .nullValue()
        .name("empty")
        .beginArray()
        .endArray()
        .name("nothing")
        .beginObject()
        .endObject()
        .name("list")
        .beginArray()
        .value("b")
        .value(true)
        .beginArray()
        .value(1)
        .endArray()
        .beginObject()
        .property("c", "d")
        .endObject()
        .endArray()
        .endObject()
        .toString();
  }

  @Test
  void one_line_has_no_blanks() {
    assertThat(written(JsonWriter.onOneLine()))
        .isEqualTo(
            """
            {"text":"a","number":12,"none":null,"empty":[],"nothing":{},\
            "list":["b",true,[1],{"c":"d"}]}\
            """);
  }

  @Test
  void indented_text_has_a_line_for_each_property() {
    assertThat(written(JsonWriter.indented()))
        .isEqualTo(
            """
            {
              "text" : "a",
              "number" : 12,
              "none" : null,
              "empty" : [ ],
              "nothing" : { },
              "list" : [ "b", true, [ 1 ], {
                "c" : "d"
              } ]
            }\
            """);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "a \"quoted\" \\ word",
        "\b\f\n\r\t\0\u001b\u007f",
        "\u2028\u2029\u202e\u2066\ufeff",
        "\u00e4\u20ac\ud83d\ude00",
      })
  void any_text_is_read_as_it_was_and_stays_on_its_line(String text) {
    String json = JsonWriter.indented().beginArray().value(text).endArray().toString();
    assertThat(json).doesNotContain("\n", "\r", "\u001b", "\u2028", "\u202e");
    try (JsonParser parser = new JsonFactory().createParser(ObjectReadContext.empty(), json)) {
      assertThat(parser.nextToken()).isEqualTo(JsonToken.START_ARRAY);
      assertThat(parser.nextStringValue()).isEqualTo(text);
      assertThat(parser.nextToken()).isEqualTo(JsonToken.END_ARRAY);
      assertThat(parser.nextToken()).isNull();
    }
  }
}
