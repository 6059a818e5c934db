package io.tidegate.web;

import io.micronaut.http.HttpHeaders;
import io.micronaut.http.HttpRequest;
import io.micronaut.http.HttpResponse;
import io.micronaut.http.HttpStatus;
import io.micronaut.http.MutableHttpResponse;
import io.micronaut.http.annotation.RequestFilter;
import io.micronaut.http.annotation.ResponseFilter;
import io.micronaut.http.annotation.ServerFilter;
import org.jspecify.annotations.Nullable;

/** What holds for every request: none has a large body, and every answer, errors too, has these headers. */
@ServerFilter(ServerFilter.MATCH_ALL_PATTERN)
final class EveryRequest {

  /** A GET that brings a body is answered without reading it, so its size is what the client says. */
  @RequestFilter
  @Nullable HttpResponse<?> refuseLargeBody(HttpRequest<?> request) {
    boolean large =
        request.getContentLength() > HttpServer.MAX_REQUEST_BYTES
            || request.getHeaders().contains(HttpHeaders.TRANSFER_ENCODING);
    return large
        ? JsonAnswers.error(HttpStatus.REQUEST_ENTITY_TOO_LARGE, "request entity too large")
        : null;
  }

  @ResponseFilter
  void addHeaders(MutableHttpResponse<?> response) {
    response.getHeaders().set(HttpHeaders.CACHE_CONTROL, "no-store");
    response.getHeaders().set("X-Content-Type-Options", "nosniff");
  }
}
