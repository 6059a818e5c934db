package io.tidegate.engine.network;

import io.tidegate.target.TlsPolicy.TlsSettings;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.KeyStore;
import java.security.PrivateKey;
import java.security.cert.Certificate;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.security.spec.InvalidKeySpecException;
import java.security.spec.PKCS8EncodedKeySpec;
import java.util.Base64;
import java.util.Collection;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import javax.net.ssl.KeyManager;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLException;
import javax.net.ssl.TrustManager;
import javax.net.ssl.TrustManagerFactory;
import javax.net.ssl.X509TrustManager;
import org.jspecify.annotations.Nullable;

/** TLS material in PEM files, read anew for each connection, so that rotated files take effect. */
public final class PemFiles {
  private static final Pattern KEY =
      Pattern.compile("-----BEGIN PRIVATE KEY-----([A-Za-z0-9+/=\\s]+)-----END PRIVATE KEY-----");
  private static final char[] NO_PASSWORD = new char[0];

  private PemFiles() {}

  /**
   * Trusts the certificates of a file, or the JDK's own where there is none.
   *
   * @throws GeneralSecurityException if the file holds no certificate
   */
  public static TrustManager[] trust(@Nullable Path caFile)
      throws GeneralSecurityException, IOException {
    KeyStore store = null;
    if (caFile != null) {
      store = empty();
      for (Certificate certificate : certificates(caFile)) {
        store.setCertificateEntry("ca-" + store.size(), certificate);
      }
    }
    TrustManagerFactory factory =
        TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
    factory.init(store);
    return factory.getTrustManagers();
  }

  /**
   * Identifies Tidegate by a certificate and its key; none where none is declared.
   *
   * @throws GeneralSecurityException if the files hold no certificate or no unencrypted PKCS#8 key
   */
  public static KeyManager[] identity(TlsSettings tls)
      throws GeneralSecurityException, IOException {
    Path certificateFile = tls.certificateFile();
    Path keyFile = tls.keyFile();
    if (certificateFile == null || keyFile == null) {
      return new KeyManager[0];
    }
    KeyStore store = empty();
    store.setKeyEntry(
        "client",
        key(keyFile),
        NO_PASSWORD,
        certificates(certificateFile).toArray(Certificate[]::new));
    KeyManagerFactory factory =
        KeyManagerFactory.getInstance(KeyManagerFactory.getDefaultAlgorithm());
    factory.init(store, NO_PASSWORD);
    return factory.getKeyManagers();
  }

  /** Trusts whatever certificate a server shows: for a mode that asks for no more than encryption. */
  public static TrustManager[] trustAnyone() {
    return new TrustManager[] {new TrustAnyone()};
  }

  /**
   * What a TLS context is made of.
   *
   * @param identity what Tidegate shows; empty: nothing
   * @param trust what the server's certificate must lead to
   */
  public record Managers(List<KeyManager> identity, List<TrustManager> trust) {}

  /**
   * The certificates that the settings name.
   *
   * @param anyone whether any certificate of the server will do
   * @throws SSLException if a file holds no usable certificate or key; it says which
   */
  public static Managers managers(TlsSettings tls, boolean anyone) throws SSLException {
    try {
      return new Managers(
          List.of(identity(tls)), List.of(anyone ? trustAnyone() : trust(tls.caFile())));
    } catch (NoSuchFileException e) {
      throw new SSLException("there is no file " + e.getMessage(), e);
    } catch (IOException e) {
      throw new SSLException("a PEM file of the target's TLS settings cannot be read", e);
    } catch (GeneralSecurityException e) {
      throw unusable(e);
    }
  }

  /**
   * A context with the certificates that the settings name.
   *
   * @param anyone whether any certificate of the server will do
   * @throws SSLException if a file holds no usable certificate or key; it says which
   */
  public static SSLContext context(TlsSettings tls, boolean anyone) throws SSLException {
    Managers managers = managers(tls, anyone);
    try {
      SSLContext context = SSLContext.getInstance("TLS");
      context.init(
          managers.identity().toArray(KeyManager[]::new),
          managers.trust().toArray(TrustManager[]::new),
          null);
      return context;
    } catch (GeneralSecurityException e) {
      throw unusable(e);
    }
  }

  private static SSLException unusable(GeneralSecurityException e) {
    return new SSLException(
        "a PEM file of the target's TLS settings cannot be used: " + e.getMessage(), e);
  }

  private static KeyStore empty() throws GeneralSecurityException, IOException {
    KeyStore store = KeyStore.getInstance("PKCS12");
    store.load(null, null);
    return store;
  }

  private static Collection<? extends Certificate> certificates(Path file)
      throws GeneralSecurityException, IOException {
    try (InputStream in = Files.newInputStream(file)) {
      var found = CertificateFactory.getInstance("X.509").generateCertificates(in);
      if (found.isEmpty()) {
        throw new GeneralSecurityException("no certificate in " + file);
      }
      return found;
    }
  }

  private static PrivateKey key(Path file) throws GeneralSecurityException, IOException {
    Matcher pem = KEY.matcher(Files.readString(file));
    if (!pem.find()) {
      throw new GeneralSecurityException("no unencrypted PKCS#8 key in " + file);
    }
    var spec = new PKCS8EncodedKeySpec(Base64.getMimeDecoder().decode(pem.group(1)));
    // The algorithm stands inside the key, where only its own factory reads it.
    GeneralSecurityException refused = new GeneralSecurityException("no kind of key");
    for (String algorithm : List.of("RSA", "EC", "EdDSA")) {
      try {
        return KeyFactory.getInstance(algorithm).generatePrivate(spec);
      } catch (InvalidKeySpecException e) {
        refused = e;
      }
    }
    throw new GeneralSecurityException("a key of an unknown kind in " + file, refused);
  }

  /** Encrypts without asking who is there: what {@code sslmode=require} means to everybody. */
  static final class TrustAnyone implements X509TrustManager {
    @Override
    public void checkClientTrusted(X509Certificate[] chain, String type) {}

    @Override
    public void checkServerTrusted(X509Certificate[] chain, String type) {}

    @Override
    public X509Certificate[] getAcceptedIssuers() {
      return new X509Certificate[0];
    }
  }
}
