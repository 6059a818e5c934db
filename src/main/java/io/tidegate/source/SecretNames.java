package io.tidegate.source;

import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.regex.Pattern;

/** Whether a variable's value is secret, by its name. */
public final class SecretNames {
  private static final Pattern BREAK = Pattern.compile("[^A-Za-z0-9]+|(?<=[a-z0-9])(?=[A-Z])");
  private static final Set<String> SECRET =
      words(
          """
          PASSWORD PASSWD PASSWORT PWD PASS PASSPHRASE SECRET SECRETS TOKEN CREDENTIAL
          CREDENTIALS APIKEY PGPASSWORD REQUIREPASS MASTERAUTH
          """);

  /** With KEY these are secret: API_KEY, SECRET_KEY, ENCRYPTION_KEY. */
  private static final Set<String> SECRET_KEYS =
      words(
          """
          API APP ACCESS ENCRYPTION MASTER PRIVATE SIGNING AUTH JWT LICENSE SESSION HMAC
          COOKIE ACCOUNT STORAGE WEBHOOK SERVICE
          """);

  /** A name that ends so is about a secret, and holds none. */
  private static final Set<String> ABOUT =
      words(
          """
          FILE FILES PATH DIR NAME REF LENGTH EXPIRY EXPIRES EXPIRATION TTL TIMEOUT AGE
          URL URI ENDPOINT HOST PORT ENABLED ENABLE DISABLED REQUIRED POLICY TYPE
          ALGORITHM ALGO ISSUER AUDIENCE LIFETIME ROTATION COUNT LIMIT SIZE ID METHOD
          HEADER FORMAT MIN MAX VERSION STORE PROVIDER ARN REGION MOUNT BACKEND USER
          USERNAME DURATION SECONDS MINUTES HOURS DAYS HOSTNAME DOMAIN LANGUAGE LOCALE
          """);

  private static final Set<String> SWITCHES = Set.of("ALLOW", "RANDOM", "DISABLE", "ENABLE", "USE");

  private SecretNames() {}

  private static Set<String> words(String text) {
    return Set.of(text.strip().split("\\s+", -1));
  }

  /** Whether a variable of this name holds a secret itself. */
  public static boolean isSecret(String name) {
    if (name.length() > 200) {
      return false;
    }
    List<String> words =
        Arrays.stream(BREAK.split(name))
            .filter(word -> !word.isEmpty())
            .map(word -> word.toUpperCase(Locale.ROOT))
            .toList();
    if (words.isEmpty() || ABOUT.contains(words.getLast())) {
      return false;
    }
    if (words.stream().anyMatch(SWITCHES::contains)) {
      return false;
    }
    boolean named = words.stream().anyMatch(SECRET::contains);
    boolean key =
        words.getLast().equals("KEY")
            && !words.contains("PUBLIC")
            && words.stream().anyMatch(SECRET_KEYS::contains);
    return named || key;
  }
}
