package io.tidegate.engine.mongodb;

import com.mongodb.ConnectionString;
import com.mongodb.MongoClientSettings;
import com.mongodb.MongoCredential;
import com.mongodb.client.MongoClient;
import com.mongodb.client.MongoClients;
import io.tidegate.engine.HostPort;
import io.tidegate.engine.ServiceUrl;
import io.tidegate.engine.Target;
import io.tidegate.engine.TlsSettings;
import io.tidegate.secret.Secret;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;

/** Makes clients for a target. */
final class MongoConnector {
  /** They are about the user, whom the driver must not look for in the URL. */
  private static final Set<String> ABOUT_CREDENTIALS =
      Set.of("authsource", "authmechanism", "authmechanismproperties");

  private MongoConnector() {}

  /**
   * A client with its own pool, which the caller closes. Does not wait for the server.
   *
   * @param selection how long an operation waits for a suitable server
   */
  static MongoClient open(Target target, Duration selection) {
    MongoClientSettings.Builder settings =
        MongoClientSettings.builder()
            .applicationName("tidegate")
            .applyConnectionString(new ConnectionString(connectionString(target.url())))
            .applyToClusterSettings(cluster ->
                cluster.serverSelectionTimeout(selection.toMillis(), TimeUnit.MILLISECONDS));
    if (target.tls().mode() != TlsSettings.Mode.URL) {
      settings.applyToSslSettings(
          ssl -> ssl.enabled(target.tls().mode() != TlsSettings.Mode.DISABLE));
    }
    String username = target.credentials().username();
    Secret password = target.credentials().password();
    if (username != null && password != null) {
      settings.credential(
          MongoCredential.createCredential(
              username, authSource(target.url()), password.reveal().toCharArray()));
    }
    return MongoClients.create(settings.build());
  }

  private static String authSource(ServiceUrl url) {
    String otherwise = url.path().isEmpty() ? "admin" : url.path();
    return url.parameters().entrySet().stream()
        .filter(parameter -> parameter.getKey().equalsIgnoreCase("authSource"))
        .findFirst()
        .map(parameter -> parameter.getValue())
        .orElse(otherwise);
  }

  private static String connectionString(ServiceUrl url) {
    String hosts =
        url.scheme().equals("mongodb+srv")
            ? url.host().host()
            : url.hosts().stream().map(HostPort::toString).collect(Collectors.joining(","));
    String parameters =
        url.parameters().entrySet().stream()
            .filter(parameter ->
                ABOUT_CREDENTIALS.stream().noneMatch(parameter.getKey()::equalsIgnoreCase))
            .map(parameter -> encoded(parameter.getKey()) + "=" + encoded(parameter.getValue()))
            .collect(Collectors.joining("&"));
    return url.scheme()
        + "://"
        + hosts
        + "/"
        + encoded(url.path())
        + (parameters.isEmpty() ? "" : "?" + parameters);
  }

  private static String encoded(String text) {
    return URLEncoder.encode(text, StandardCharsets.UTF_8).replace("+", "%20");
  }
}
