package io.tidegate.config;

import io.tidegate.config.ConnectionParts.DeclaredParts;
import io.tidegate.config.Declarations.Declared;
import io.tidegate.config.Keys.ConnectionKeys;
import io.tidegate.config.UrlParser.ParsedUrl;
import io.tidegate.config.ValueType.RefusedValue;
import io.tidegate.target.TlsPolicy.TlsSettings;
import java.nio.file.Path;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Reads the URLs of targets. */
final class TargetUrlReader {
  private final Declarations declarations;
  private final DeclaredParts parts;
  private final UrlParser parser;
  private final Problems problems;

  TargetUrlReader(
      Declarations declarations, DeclaredParts parts, UrlParser parser, Problems problems) {
    this.declarations = declarations;
    this.parts = parts;
    this.parser = parser;
    this.problems = problems;
  }

  /** The URL of a target; empty if it is missing or wrong, which is noted. */
  Optional<TargetUrl> url(String name) {
    if (declarations.find(Keys.URL, name) == null
        && declarations.find(Keys.URL_FILE, name) == null) {
      if (!declarations.isRefused(Keys.URL, name)) {
        problems.add(
            "target " + name,
            "it has no URL",
            "Set " + Keys.URL.variable(name) + ", or _FILE of it");
      }
      return Optional.empty();
    }
    return url(Keys.CONNECTION, name);
  }

  /** The URL that those keys declare; empty if none does, or if it is wrong, which is noted. */
  Optional<TargetUrl> url(ConnectionKeys keys, String name) {
    Declared inline = declarations.find(keys.url(), name);
    Path file = declarations.getOrNull(keys.urlFile(), name);
    Declared declared = inline != null ? inline : declarations.find(keys.urlFile(), name);
    if (declared == null) {
      return Optional.empty();
    }
    try {
      if (inline == null && declared.value().isBlank()) {
        throw new RefusedValue("names no file", "Name the file that holds the URL, or unset it");
      }
      if (inline == null && file == null) {
        return Optional.empty();
      }
      String text = inline != null ? inline.value() : FileText.secret(Objects.requireNonNull(file));
      boolean tlsOpen = declarations.get(Keys.TLS_MODE, name) == TlsSettings.Mode.URL;
      ParsedUrl url = parser.parse(text);
      if (url.quoted()) {
        problems.warn(
            declared.origin(), "the URL stands in quotes, which are left out", "Take them off");
      }
      VariablesBesideUrl additions = parts.additions().get(name);
      if (additions != null) {
        url = additions.fill(url, text, declared.origin(), tlsOpen, parser, problems);
      }
      return Optional.of(
          new TargetUrl(declared.origin(), url, inline != null ? null : file, parser));
    } catch (RefusedValue e) {
      problems.add(declared.origin(), e);
      return Optional.empty();
    }
  }

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

    /** Whether a password stands in it, inline. */
    boolean hasInlinePassword() {
      return isInline() && first.hasPassword();
    }

    /** The URL as it is now. */
    ParsedUrl read() throws RefusedValue {
      return file == null ? first : parser.parse(FileText.secret(file));
    }
  }
}
