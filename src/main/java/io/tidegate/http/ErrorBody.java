package io.tidegate.http;

/**
 * The body of every answer that is neither 200 nor 503.
 *
 * @param error what was wrong with the request
 */
record ErrorBody(String error) {}
