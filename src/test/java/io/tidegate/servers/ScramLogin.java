package io.tidegate.servers;

import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.util.Base64;
import javax.crypto.Mac;
import javax.crypto.SecretKeyFactory;
import javax.crypto.spec.PBEKeySpec;
import javax.crypto.spec.SecretKeySpec;

/**
 * The server's side of one login by SCRAM-SHA-256, as mongod checks a password.
 *
 * @see <a href="https://www.rfc-editor.org/rfc/rfc7677">RFC 7677</a>
 * @see <a href="https://www.rfc-editor.org/rfc/rfc5802">RFC 5802</a>
 */
final class ScramLogin {
  /** The fewest that the driver takes. */
  private static final int ITERATIONS = 4096;

  private static final byte[] SALT = "salt of the test".getBytes(StandardCharsets.UTF_8);

  private final String user;
  private final String password;
  private String clientFirst = "";
  private String serverFirst = "";

  ScramLogin(String user, String password) {
    this.user = user;
    this.password = password;
  }

  /** The server's first message, to the client's. */
  byte[] start(byte[] payload) {
    String text = new String(payload, StandardCharsets.UTF_8);
    clientFirst = text.substring("n,,".length());
    serverFirst = "r=%stest,s=%s,i=%d".formatted(part(clientFirst, "r="), base64(SALT), ITERATIONS);
    return serverFirst.getBytes(StandardCharsets.UTF_8);
  }

  /** The server's last message, to the client's proof; empty: refused. */
  byte[] proof(byte[] payload) throws GeneralSecurityException {
    String text = new String(payload, StandardCharsets.UTF_8);
    String unproved = text.substring(0, text.lastIndexOf(",p="));
    String words = clientFirst + "," + serverFirst + "," + unproved;
    byte[] salted =
        SecretKeyFactory.getInstance("PBKDF2WithHmacSHA256")
            .generateSecret(new PBEKeySpec(password.toCharArray(), SALT, ITERATIONS, 256))
            .getEncoded();
    byte[] clientKey = hmac(salted, "Client Key");
    byte[] proof = hmac(MessageDigest.getInstance("SHA-256").digest(clientKey), words);
    for (int i = 0; i < proof.length; i++) {
      proof[i] ^= clientKey[i];
    }
    boolean known =
        part(clientFirst, "n=").equals(user)
            && MessageDigest.isEqual(proof, Base64.getDecoder().decode(part(text, "p=")));
    return known
        ? ("v=" + base64(hmac(hmac(salted, "Server Key"), words))).getBytes(StandardCharsets.UTF_8)
        : new byte[0];
  }

  private static String part(String message, String name) {
    for (String part : message.split(",", -1)) {
      if (part.startsWith(name)) {
        return part.substring(name.length());
      }
    }
    return "";
  }

  private static byte[] hmac(byte[] key, String text) throws GeneralSecurityException {
    Mac mac = Mac.getInstance("HmacSHA256");
    mac.init(new SecretKeySpec(key, "HmacSHA256"));
    return mac.doFinal(text.getBytes(StandardCharsets.UTF_8));
  }

  private static String base64(byte[] bytes) {
    return Base64.getEncoder().encodeToString(bytes);
  }
}
