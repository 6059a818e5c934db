package io.tidegate.http;

import java.nio.charset.StandardCharsets;
import java.util.Map;

/**
 * What a request is answered. It ignores what the client says it accepts: a probe that gets 406 is a
 * restart.
 *
 * @param status the code of HTTP
 * @param type the media type of the body
 * @param body in UTF-8
 * @param headers those that only this answer has
 */
record Answer(int status, String type, String body, Map<String, String> headers) {
  static final int OK = 200;
  static final int NOT_FOUND = 404;

  /** 200 or 503, with a body in JSON. */
  static Answer of(boolean good, Record body) {
    return json(good ? OK : 503, body, Map.of());
  }

  /** 200, with a text of some type. */
  static Answer of(String type, String body, Map<String, String> headers) {
    return new Answer(OK, type, body, headers);
  }

  static Answer notFound(String why) {
    return json(NOT_FOUND, new ErrorBody(why), Map.of());
  }

  static Answer methodNotAllowed() {
    return json(405, new ErrorBody("method not allowed"), Map.of("Allow", "GET, HEAD"));
  }

  static Answer tooLarge() {
    return json(413, new ErrorBody("content too large"), Map.of("Connection", "close"));
  }

  /** A bug, of which the client is told nothing: its text may hold anything. */
  static Answer failed() {
    return json(500, new ErrorBody("internal server error"), Map.of());
  }

  private static Answer json(int status, Record body, Map<String, String> headers) {
    return new Answer(status, "application/json", Json.of(body), headers);
  }

  byte[] bytes() {
    return body.getBytes(StandardCharsets.UTF_8);
  }
}
