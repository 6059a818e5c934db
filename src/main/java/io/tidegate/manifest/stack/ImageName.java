package io.tidegate.manifest.stack;

import java.util.Locale;

/**
 * An image's reference in parts.
 *
 * @param repository all before tag and digest, as written
 * @param name the last part of the repository, lower case
 * @param tag empty where none is written
 * @param digest empty where none is written
 */
public record ImageName(String repository, String name, String tag, String digest) {

  /** Cuts a reference as the container engines do: a colon before a slash belongs to a port. */
  public static ImageName of(String reference) {
    int at = reference.indexOf('@');
    String digest = at < 0 ? "" : reference.substring(at + 1);
    String rest = at < 0 ? reference : reference.substring(0, at);
    int colon = rest.lastIndexOf(':');
    boolean tagged = colon > rest.lastIndexOf('/');
    // In ${REGISTRY:-docker.io}/redis the colon is no separator, and what follows is not known.
    String tag = tagged ? rest.substring(colon + 1) : "";
    String repository = tagged ? rest.substring(0, colon) : rest;
    String name = repository.substring(repository.lastIndexOf('/') + 1).toLowerCase(Locale.ROOT);
    return new ImageName(repository, name, tag, digest);
  }
}
