package io.tidegate.engine.postgres;

import io.tidegate.engine.network.PemFiles;
import io.tidegate.target.TlsPolicy.TlsSettings;
import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.util.Properties;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLSocketFactory;
import org.jspecify.annotations.Nullable;

/**
 * TLS by the target's PEM files, or the JDK's CAs. Public, with this constructor, since the driver
 * makes it by name. The driver's own factory takes neither the JDK's CAs nor a PEM key whose kind it
 * was not told.
 */
public final class PemSocketFactory extends SSLSocketFactory {
  private static final String CA = "tidegate.ca";
  private static final String CERTIFICATE = "tidegate.certificate";
  private static final String KEY = "tidegate.key";

  private final SSLSocketFactory delegate;

  /** Takes the connection's properties; reads the files that they name. */
  public PemSocketFactory(Properties properties) throws GeneralSecurityException, IOException {
    boolean verified = properties.getProperty("sslmode", "").startsWith("verify");
    TlsSettings tls =
        new TlsSettings(
            TlsSettings.Mode.URL,
            path(properties, CA),
            path(properties, CERTIFICATE),
            path(properties, KEY));
    SSLContext context = SSLContext.getInstance("TLS");
    context.init(
        PemFiles.identity(tls),
        verified ? PemFiles.trust(tls.caFile()) : PemFiles.trustAnyone(),
        null);
    delegate = context.getSocketFactory();
  }

  static void put(Properties properties, TlsSettings tls) {
    put(properties, CA, tls.caFile());
    put(properties, CERTIFICATE, tls.certificateFile());
    put(properties, KEY, tls.keyFile());
  }

  private static void put(Properties properties, String name, @Nullable Path file) {
    if (file != null) {
      properties.setProperty(name, file.toString());
    }
  }

  private static @Nullable Path path(Properties properties, String name) {
    String value = properties.getProperty(name);
    return value == null ? null : Path.of(value);
  }

  @Override
  public String[] getDefaultCipherSuites() {
    return delegate.getDefaultCipherSuites();
  }

  @Override
  public String[] getSupportedCipherSuites() {
    return delegate.getSupportedCipherSuites();
  }

  @Override
  public Socket createSocket(Socket socket, String host, int port, boolean autoClose)
      throws IOException {
    return delegate.createSocket(socket, host, port, autoClose);
  }

  @Override
  public Socket createSocket(String host, int port) throws IOException {
    return delegate.createSocket(host, port);
  }

  @Override
  public Socket createSocket(String host, int port, InetAddress localHost, int localPort)
      throws IOException {
    return delegate.createSocket(host, port, localHost, localPort);
  }

  @Override
  public Socket createSocket(InetAddress host, int port) throws IOException {
    return delegate.createSocket(host, port);
  }

  @Override
  public Socket createSocket(InetAddress address, int port, InetAddress localAddress, int localPort)
      throws IOException {
    return delegate.createSocket(address, port, localAddress, localPort);
  }
}
