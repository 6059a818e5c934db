package io.tidegate.web;

import io.micronaut.context.annotation.Primary;
import io.micronaut.core.annotation.Introspected;
import io.micronaut.http.HttpResponse;
import io.micronaut.http.HttpStatus;
import io.micronaut.http.MediaType;
import io.micronaut.http.MutableHttpResponse;
import io.micronaut.http.annotation.Produces;
import io.micronaut.http.server.exceptions.response.ErrorContext;
import io.micronaut.http.server.exceptions.response.ErrorResponseProcessor;
import jakarta.inject.Singleton;
import java.util.Locale;

/**
 * Makes every answer in JSON. They ignore what the client says it accepts: a probe that gets 406 is
 * a restart. Errors have one shape, and Micronaut's own are worded by their status alone: a cause's
 * text may hold anything.
 */
@Singleton
@Primary
@Produces(MediaType.APPLICATION_JSON)
final class JsonAnswers implements ErrorResponseProcessor<JsonAnswers.ErrorBody> {

  /** 200 or 503. */
  static <T> MutableHttpResponse<T> of(boolean good, T body) {
    HttpStatus status = good ? HttpStatus.OK : HttpStatus.SERVICE_UNAVAILABLE;
    return HttpResponse.<T>status(status).body(body).contentType(MediaType.APPLICATION_JSON_TYPE);
  }

  /** Any other status. */
  static MutableHttpResponse<ErrorBody> error(HttpStatus status, String error) {
    return HttpResponse.<ErrorBody>status(status)
        .body(new ErrorBody(error))
        .contentType(MediaType.APPLICATION_JSON_TYPE);
  }

  @Override
  public MutableHttpResponse<ErrorBody> processResponse(
      ErrorContext context, MutableHttpResponse<?> response) {
    String reason = HttpStatus.valueOf(response.code()).getReason().toLowerCase(Locale.ROOT);
    return response.body(new ErrorBody(reason)).contentType(MediaType.APPLICATION_JSON_TYPE);
  }

  /**
   * The body of every answer that is neither 200 nor 503.
   *
   * @param error what was wrong with the request
   */
  @Introspected
  record ErrorBody(String error) {}
}
