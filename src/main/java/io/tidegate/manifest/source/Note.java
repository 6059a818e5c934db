package io.tidegate.manifest.source;

import io.tidegate.policy.Severity;

/**
 * Something said about a file itself rather than by a rule: it cannot be read, or part of it is not
 * judged.
 *
 * @param severity an error where the file was not judged, so that nobody takes silence for a verdict
 * @param what one sentence without a full stop; never quotes the file
 * @param remedy one sentence without a full stop
 */
public record Note(Severity severity, Place place, String what, String remedy) {}
