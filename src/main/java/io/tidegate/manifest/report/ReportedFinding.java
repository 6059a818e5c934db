package io.tidegate.manifest.report;

import io.tidegate.manifest.rules.FileFinding;

/**
 * A finding as it is told.
 *
 * @param line the line that it is about, masked; empty where the file cannot be shown
 * @param reason why it was accepted; empty: it was not
 */
public record ReportedFinding(FileFinding finding, String line, String reason) {}
