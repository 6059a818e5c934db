package io.tidegate.config;

import io.tidegate.config.ConnectionParts.DeclaredParts;
import io.tidegate.config.Declarations.Declared;
import io.tidegate.config.Keys.ConnectionKeys;
import io.tidegate.config.UrlParser.ParsedUrl;
import io.tidegate.config.ValueType.RefusedValue;
import io.tidegate.problem.Problem;
import io.tidegate.problem.ProblemException;
import io.tidegate.target.TlsFiles;
import io.tidegate.target.TlsPolicy;
import io.tidegate.target.TlsPolicy.TlsSettings;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.Objects;
import java.util.Optional;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** Reads the URLs of targets, and checks what they say of TLS. */
final class TargetUrlReader {
  /** What MariaDB's driver takes in place of a certificate's path. */
  private static final Pattern NO_PATH = Pattern.compile("classpath:|file:|-----BEGIN");

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
      if (ConnectionString.isQuoted(text)) {
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

  /** A URL that does not say clearly what it wants of TLS is refused before anything is connected. */
  void checkTls(TargetUrl url, TlsSettings tls) {
    try {
      TlsPolicy policy = TlsPolicy.of(url.first().url(), tls, url.origin());
      checkTlsFiles(url, tls, policy.level());
    } catch (ProblemException e) {
      Problem problem = e.problems().getFirst();
      problems.add(url.origin(), problem.what(), problem.remedy());
    }
  }

  /** The files that the URL names, as far as they are used: those of {@code sslmode=disable} are not. */
  private void checkTlsFiles(TargetUrl url, TlsSettings tls, TlsPolicy.Level level) {
    TlsFiles files = TlsFiles.of(url.first().url());
    if (level.verifies() && tls.caFile() == null) {
      checkTlsFile(url, files.ca());
    }
    if (level.insists() && tls.certificateFile() == null) {
      checkTlsFile(url, files.certificate());
      checkTlsFile(url, files.key());
    }
  }

  private void checkTlsFile(TargetUrl url, @Nullable String file) {
    if (file == null || NO_PATH.matcher(file).lookingAt()) {
      return;
    }
    try {
      TargetReader.checkReadable(Path.of(file), url.origin(), problems);
    } catch (InvalidPathException e) {
      problems.add(url.origin(), "names a TLS file that can be none", "Correct the path");
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

    /** The URL as it is now. */
    ParsedUrl read() throws RefusedValue {
      return file == null ? first : parser.parse(FileText.secret(file));
    }
  }
}
