/** What was found: text, JSON, SARIF, GitHub annotations. */
@NullMarked
package io.tidegate.manifest.report;

import org.jspecify.annotations.NullMarked;
