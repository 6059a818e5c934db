package io.tidegate.web;

import io.micronaut.context.annotation.Primary;
import io.micronaut.core.annotation.Introspected;
import io.micronaut.http.HttpStatus;
import io.micronaut.http.MediaType;
import io.micronaut.http.MutableHttpResponse;
import io.micronaut.http.annotation.Produces;
import io.micronaut.http.server.exceptions.response.ErrorContext;
import io.micronaut.http.server.exceptions.response.ErrorResponseProcessor;
import jakarta.inject.Singleton;
import java.util.Locale;

/** Every error in one shape, worded by its status alone: a cause's text may hold anything. */
@Singleton
@Primary
@Produces(MediaType.APPLICATION_JSON)
final class ErrorAnswers implements ErrorResponseProcessor<ErrorAnswers.ErrorBody> {

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
