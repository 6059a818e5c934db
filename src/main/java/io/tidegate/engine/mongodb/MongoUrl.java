package io.tidegate.engine.mongodb;

import com.mongodb.ConnectionString;
import io.tidegate.secret.Secret;
import io.tidegate.target.ServiceUrl;
import io.tidegate.target.ServiceUrl.HostPort;
import io.tidegate.target.Target;
import io.tidegate.target.TlsPolicy;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.Locale;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** What a MongoDB URL says. */
final class MongoUrl {
  private static final String NO_NAME = "test";

  private MongoUrl() {}

  /**
   * The driver's own form, with user and password, since only the driver knows all that depends on
   * them: mechanism, source, and what DNS adds. It is never shown. Of {@code mongodb+srv} DNS is
   * asked here.
   */
  static ConnectionString connectionString(
      ServiceUrl url, @Nullable String username, @Nullable Secret password) {
    boolean srv = url.scheme().equals("mongodb+srv");
    String hosts =
        srv
            ? url.host().host()
            : url.hosts().stream().map(HostPort::toString).collect(Collectors.joining(","));
    String user = username == null ? "" : encoded(username);
    if (!user.isEmpty() && password != null) {
      user += ":" + encoded(password.reveal());
    }
    String parameters =
        url.parameters().entrySet().stream()
            .filter(one -> username != null || !isAboutUser(one.getKey()))
            .filter(one -> !TlsPolicy.decides(one.getKey()))
            .map(one -> encoded(one.getKey()) + "=" + encoded(one.getValue()))
            .collect(Collectors.joining("&"));
    return new ConnectionString(
        "%s://%s%s/%s%s"
            .formatted(
                url.scheme(),
                user.isEmpty() ? "" : user + "@",
                hosts,
                encoded(url.path()),
                parameters.isEmpty() ? "" : "?" + parameters));
  }

  /** The database that the app uses; the driver's name for none. */
  static String database(Target target) {
    return target.url().path().isEmpty() ? NO_NAME : target.url().path();
  }

  private static boolean isAboutUser(String parameter) {
    String name = parameter.toLowerCase(Locale.ROOT);
    return name.startsWith("authmechanism") || name.equals("authsource");
  }

  private static String encoded(String text) {
    return URLEncoder.encode(text, StandardCharsets.UTF_8).replace("+", "%20");
  }
}
