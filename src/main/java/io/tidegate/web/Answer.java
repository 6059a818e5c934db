package io.tidegate.web;

import io.micronaut.http.HttpResponse;
import io.micronaut.http.HttpStatus;
import io.micronaut.http.MediaType;
import io.micronaut.http.MutableHttpResponse;

/** Makes answers. They ignore what the client says it accepts: a probe that gets 406 is a restart. */
final class Answer {
  private Answer() {}

  /** 200 or 503, with a body in JSON. */
  static <T> MutableHttpResponse<T> of(boolean good, T body) {
    HttpStatus status = good ? HttpStatus.OK : HttpStatus.SERVICE_UNAVAILABLE;
    return HttpResponse.<T>status(status).body(body).contentType(MediaType.APPLICATION_JSON_TYPE);
  }
}
