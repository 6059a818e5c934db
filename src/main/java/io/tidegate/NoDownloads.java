package io.tidegate;

import java.io.IOException;
import java.net.URL;
import java.net.URLConnection;
import java.net.URLStreamHandler;
import java.net.URLStreamHandlerFactory;
import org.jspecify.annotations.Nullable;

/**
 * Refuses to open any {@code http} URL: nothing here downloads, and a changelog must not. (The Kubernetes API
 * is asked by {@code java.net.http}, which has no such URLs.)
 */
final class NoDownloads implements URLStreamHandlerFactory {
  /** Takes over for the whole process; can be called once. */
  static void install() {
    URL.setURLStreamHandlerFactory(new NoDownloads());
  }

  @Override
  public @Nullable URLStreamHandler createURLStreamHandler(String protocol) {
    return switch (protocol) {
      case "http" -> new Refusing(80);
      case "https" -> new Refusing(443);
      default -> null; // The JDK's own.
    };
  }

  private static final class Refusing extends URLStreamHandler {
    private final int port;

    Refusing(int port) {
      this.port = port;
    }

    @Override
    protected int getDefaultPort() {
      return port;
    }

    @Override
    protected URLConnection openConnection(URL url) throws IOException {
      throw new IOException("nothing is downloaded here: " + url.getHost());
    }
  }
}
