package io.tidegate.replicas.kubernetes;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.cert.Certificate;
import java.security.cert.CertificateFactory;
import java.util.regex.Pattern;
import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManagerFactory;

/**
 * The folder in which a pod finds its service account. Nothing of it is kept: the kubelet replaces
 * the token before it expires, and the CA's certificates when they change.
 *
 * @see <a
 *     href="https://kubernetes.io/docs/tasks/run-application/access-api-from-pod/#directly-accessing-the-rest-api">
 *     Accessing the API from a pod</a>
 */
record ServiceAccount(Path folder) {
  private static final int MAX_BYTES = 1024 * 1024;
  private static final Pattern TOKEN = Pattern.compile("[A-Za-z0-9._~+/=-]+");

  /** A label of DNS, which a namespace's name is. */
  private static final Pattern NAMESPACE = Pattern.compile("[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?");

  /** The token as it is now. A secret: for the header, never for text. */
  String token() throws ReplicaLookupException {
    String token = text("token");
    if (!TOKEN.matcher(token).matches()) {
      throw ReplicaLookupException.lasting(
          "%s holds no bearer token".formatted(folder.resolve("token")));
    }
    return token;
  }

  String namespace() throws ReplicaLookupException {
    String namespace = text("namespace");
    if (!NAMESPACE.matcher(namespace).matches()) {
      throw ReplicaLookupException.lasting(
          "%s holds no name of a namespace".formatted(folder.resolve("namespace")));
    }
    return namespace;
  }

  /** TLS that trusts the cluster's CA as it is now, and nobody else. */
  SSLContext tls() throws ReplicaLookupException {
    Path file = folder.resolve("ca.crt");
    try (InputStream in = Files.newInputStream(file)) {
      KeyStore store = KeyStore.getInstance("PKCS12");
      store.load(null, null);
      for (Certificate ca : CertificateFactory.getInstance("X.509").generateCertificates(in)) {
        store.setCertificateEntry("ca-" + store.size(), ca);
      }
      if (store.size() == 0) {
        throw ReplicaLookupException.lasting("%s holds no certificate".formatted(file));
      }
      TrustManagerFactory trust =
          TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
      trust.init(store);
      SSLContext tls = SSLContext.getInstance("TLS");
      tls.init(null, trust.getTrustManagers(), null);
      return tls;
    } catch (IOException e) {
      throw unreadable(file, e);
    } catch (GeneralSecurityException e) {
      throw ReplicaLookupException.lasting("%s holds no certificates in PEM".formatted(file));
    }
  }

  private String text(String name) throws ReplicaLookupException {
    Path file = folder.resolve(name);
    try (InputStream in = Files.newInputStream(file)) {
      return new String(in.readNBytes(MAX_BYTES), StandardCharsets.UTF_8).strip();
    } catch (IOException e) {
      throw unreadable(file, e);
    }
  }

  private static ReplicaLookupException unreadable(Path file, IOException e) {
    return ReplicaLookupException.lasting(
        e instanceof NoSuchFileException
            ? "the pod has no service account mounted: there is no %s".formatted(file)
            : "%s cannot be read".formatted(file));
  }
}
