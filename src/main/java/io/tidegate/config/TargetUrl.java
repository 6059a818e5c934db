package io.tidegate.config;

import io.tidegate.config.UrlParser.ParsedUrl;
import io.tidegate.config.ValueType.RefusedValue;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/**
 * A target's URL as it was at the start, and where to read it again.
 *
 * @param origin the variable, key or flag that declared it
 * @param first as it was at the start
 * @param file where it stands; null: it was declared inline
 */
record TargetUrl(String origin, ParsedUrl first, @Nullable Path file, UrlParser parser) {

  /** Whether it was declared inline rather than in a file. */
  boolean isInline() {
    return file == null;
  }

  /** The URL as it is now. */
  ParsedUrl read() throws RefusedValue {
    return file == null ? first : parser.parse(FileText.secret(file));
  }
}
