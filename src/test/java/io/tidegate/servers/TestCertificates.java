package io.tidegate.servers;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.math.BigInteger;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.time.Duration;
import java.time.Instant;
import java.util.Base64;
import java.util.Date;
import java.util.concurrent.atomic.AtomicLong;
import org.bouncycastle.asn1.x500.X500Name;
import org.bouncycastle.asn1.x509.BasicConstraints;
import org.bouncycastle.asn1.x509.Extension;
import org.bouncycastle.asn1.x509.GeneralName;
import org.bouncycastle.asn1.x509.GeneralNames;
import org.bouncycastle.cert.jcajce.JcaX509v3CertificateBuilder;
import org.bouncycastle.operator.OperatorCreationException;
import org.bouncycastle.operator.jcajce.JcaContentSignerBuilder;

/**
 * A private CA in PEM files: made once for a JVM, deleted at its end. The server's certificate is
 * for 127.0.0.1 and localhost; another one names another host; the other CA signed none of them.
 *
 * @param ca the CA's certificate
 * @param otherCa a CA that signed nothing here
 * @param server a certificate for 127.0.0.1 and localhost
 * @param serverKey its key, PKCS#8
 * @param elsewhere a certificate of the same CA for another host
 * @param elsewhereKey its key, PKCS#8
 * @param client a certificate for the user {@code tidegate}
 * @param clientKey its key, PKCS#8
 */
public record TestCertificates(
    Path ca,
    Path otherCa,
    Path server,
    Path serverKey,
    Path elsewhere,
    Path elsewhereKey,
    Path client,
    Path clientKey) {
  private static final AtomicLong SERIAL = new AtomicLong(System.nanoTime());
  private static final Duration LIFE = Duration.ofDays(2);

  /** The common name of the client's certificate. */
  public static final String CLIENT = "tidegate";

  /** The certificates of this JVM. */
  public static TestCertificates get() {
    return Holder.MADE;
  }

  private static final class Holder {
    static final TestCertificates MADE = make();
  }

  private record Issuer(X500Name name, KeyPair keys) {}

  private static TestCertificates make() {
    try {
      Path folder = Files.createTempDirectory("tidegate-certificates-");
      folder.toFile().deleteOnExit();
      Issuer ca = new Issuer(new X500Name("CN=Test CA"), keys());
      Issuer other = new Issuer(new X500Name("CN=Other CA"), keys());
      KeyPair server = keys();
      KeyPair elsewhere = keys();
      KeyPair client = keys();
      return new TestCertificates(
          write(folder, "ca.pem", "CERTIFICATE", authority(ca)),
          write(folder, "other-ca.pem", "CERTIFICATE", authority(other)),
          write(
              folder,
              "server.pem",
              "CERTIFICATE",
              signed(
                  ca,
                  "127.0.0.1",
                  server,
                  new GeneralName(GeneralName.dNSName, "localhost"),
                  new GeneralName(GeneralName.iPAddress, "127.0.0.1"))),
          key(folder, "server.key", server),
          write(
              folder,
              "elsewhere.pem",
              "CERTIFICATE",
              signed(
                  ca,
                  "elsewhere.example",
                  elsewhere,
                  new GeneralName(GeneralName.dNSName, "elsewhere.example"))),
          key(folder, "elsewhere.key", elsewhere),
          write(folder, "client.pem", "CERTIFICATE", signed(ca, CLIENT, client)),
          key(folder, "client.key", client));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (GeneralSecurityException | OperatorCreationException e) {
      throw new IllegalStateException(e);
    }
  }

  /** RSA, since MariaDB's bundled TLS takes it everywhere. */
  private static KeyPair keys() throws GeneralSecurityException {
    KeyPairGenerator generator = KeyPairGenerator.getInstance("RSA");
    generator.initialize(2048);
    return generator.generateKeyPair();
  }

  private static byte[] authority(Issuer ca) throws IOException, OperatorCreationException {
    return builder(ca, ca.name(), ca.keys())
        .addExtension(Extension.basicConstraints, true, new BasicConstraints(true))
        .build(new JcaContentSignerBuilder("SHA256withRSA").build(ca.keys().getPrivate()))
        .getEncoded();
  }

  private static byte[] signed(Issuer ca, String name, KeyPair keys, GeneralName... names)
      throws IOException, OperatorCreationException {
    var builder = builder(ca, new X500Name("CN=" + name), keys);
    if (names.length > 0) {
      builder.addExtension(Extension.subjectAlternativeName, false, new GeneralNames(names));
    }
    return builder
        .build(new JcaContentSignerBuilder("SHA256withRSA").build(ca.keys().getPrivate()))
        .getEncoded();
  }

  private static JcaX509v3CertificateBuilder builder(Issuer ca, X500Name subject, KeyPair keys) {
    Instant now = Instant.now();
    return new JcaX509v3CertificateBuilder(
        ca.name(),
        BigInteger.valueOf(SERIAL.incrementAndGet()),
        Date.from(now.minus(LIFE)),
        Date.from(now.plus(LIFE)),
        subject,
        keys.getPublic());
  }

  private static Path key(Path folder, String name, KeyPair keys) throws IOException {
    return write(folder, name, "PRIVATE KEY", keys.getPrivate().getEncoded());
  }

  private static Path write(Path folder, String name, String kind, byte[] der) throws IOException {
    String body = Base64.getMimeEncoder(64, new byte[] {'\n'}).encodeToString(der);
    Path file = folder.resolve(name);
    file.toFile().deleteOnExit();
    return Files.writeString(
        file, "-----BEGIN %s-----\n%s\n-----END %s-----\n".formatted(kind, body, kind));
  }
}
