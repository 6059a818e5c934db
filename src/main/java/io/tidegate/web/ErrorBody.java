package io.tidegate.web;

import io.micronaut.core.annotation.Introspected;

/**
 * The body of every answer that is neither 200 nor 503.
 *
 * @param error what was wrong with the request
 */
@Introspected
record ErrorBody(String error) {}
