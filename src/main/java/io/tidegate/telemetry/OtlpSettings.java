package io.tidegate.telemetry;

import io.tidegate.secret.Secret;
import io.tidegate.target.TlsPolicy.TlsSettings;
import io.tidegate.telemetry.OtlpPayload.Parent;
import java.io.IOException;
import java.net.URI;
import java.net.URISyntaxException;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Where telemetry goes, by the variables that all programs with OpenTelemetry have. One that is empty
 * counts as not set.
 *
 * @see <a href="https://opentelemetry.io/docs/specs/otel/protocol/exporter/">OTLP exporter</a>
 * @see <a href="https://opentelemetry.io/docs/specs/otel/configuration/sdk-environment-variables/">The
 *     general variables</a>
 */
record OtlpSettings(Map<String, String> environment) {
  private static final String PREFIX = "OTEL_EXPORTER_OTLP_";
  private static final Duration DEFAULT_TIMEOUT = Duration.ofSeconds(3);

  /** What the specification has as the default: a start must not wait any longer. */
  private static final Duration LONGEST_TIMEOUT = Duration.ofSeconds(10);

  /** In the environment as in the header. */
  private static final Pattern TRACEPARENT =
      Pattern.compile("[0-9a-f]{2}-([0-9a-f]{32})-([0-9a-f]{16})-([0-9a-f]{2})(-.*)?");

  /** A variable that cannot be obeyed. The message names it and never quotes it. */
  static final class RefusedVariable extends Exception {
    private RefusedVariable(String message) {
      super(message);
    }
  }

  /**
   * Where one kind of data goes.
   *
   * @param headers by their names; the values may be secret
   * @param timeout for the whole request
   */
  record Destination(
      URI endpoint, Map<String, Secret> headers, Duration timeout, TlsSettings tls) {}

  /**
   * Where that kind of data goes; null: nowhere.
   *
   * @param signal {@code traces} or {@code metrics}
   */
  @Nullable Destination destination(String signal) throws RefusedVariable {
    if (read("OTEL_SDK_DISABLED").equalsIgnoreCase("true")) {
      return null;
    }
    String upper = signal.toUpperCase(Locale.ROOT);
    String exporter = read("OTEL_" + upper + "_EXPORTER");
    boolean wanted =
        exporter.isEmpty() || List.of(exporter.split("\\s*,\\s*", -1)).contains("otlp");
    String endpoint = name(upper, "ENDPOINT");
    if (!wanted || read(endpoint).isEmpty()) {
      return null;
    }
    String protocol = name(upper, "PROTOCOL");
    if (!List.of("", "http/protobuf").contains(read(protocol))) {
      throw new RefusedVariable(
          protocol + " asks for another protocol than http/protobuf, the only one there is here");
    }
    boolean own = endpoint.contains(upper);
    String path = read(endpoint).endsWith("/") ? "v1/" + signal : "/v1/" + signal;
    return new Destination(
        url(endpoint, own ? "" : path), headers(upper), timeout(upper), tls(upper));
  }

  /** The name of the variable for that kind of data, or that for all where there is none of its own. */
  private String name(String signal, String option) {
    String own = PREFIX + signal + "_" + option;
    return read(own).isEmpty() ? PREFIX + option : own;
  }

  private String read(String variable) {
    return environment.getOrDefault(variable, "").strip();
  }

  private URI url(String variable, String path) throws RefusedVariable {
    try {
      URI url = new URI(read(variable) + path);
      if (List.of("http", "https").contains(url.getScheme()) && url.getHost() != null) {
        return url;
      }
    } catch (URISyntaxException e) {
      // Its message quotes the URL, in which there may be a password.
    }
    throw new RefusedVariable(variable + " is no URL with http:// or https:// and a host");
  }

  private Map<String, Secret> headers(String signal) throws RefusedVariable {
    String variable = name(signal, "HEADERS");
    Map<String, Secret> headers = new LinkedHashMap<>();
    if (!read(variable).isEmpty()) {
      pairs(variable, read(variable)).forEach((name, value) -> headers.put(name, Secret.of(value)));
      return headers;
    }
    String file = name(signal, "HEADERS_FILE");
    if (!read(file).isEmpty()) {
      try {
        pairs(file, Files.readString(Path.of(read(file))).strip())
            .forEach((name, value) -> headers.put(name, Secret.of(value)));
      } catch (IOException | InvalidPathException e) {
        throw new RefusedVariable(file + " names a file that cannot be read");
      }
    }
    return headers;
  }

  private Duration timeout(String signal) throws RefusedVariable {
    String variable = name(signal, "TIMEOUT");
    String value = read(variable);
    if (value.isEmpty()) {
      return DEFAULT_TIMEOUT;
    }
    if (!value.matches("[0-9]{1,9}")) {
      throw new RefusedVariable(variable + " is no number of milliseconds");
    }
    Duration timeout = Duration.ofMillis(Long.parseLong(value));
    return timeout.compareTo(LONGEST_TIMEOUT) > 0 ? LONGEST_TIMEOUT : timeout;
  }

  private TlsSettings tls(String signal) throws RefusedVariable {
    return new TlsSettings(
        TlsSettings.Mode.VERIFY_FULL,
        path(name(signal, "CERTIFICATE")),
        path(name(signal, "CLIENT_CERTIFICATE")),
        path(name(signal, "CLIENT_KEY")));
  }

  private @Nullable Path path(String variable) throws RefusedVariable {
    try {
      return read(variable).isEmpty() ? null : Path.of(read(variable));
    } catch (InvalidPathException e) {
      throw new RefusedVariable(variable + " is no path");
    }
  }

  /** What describes this process. A pod's or container's name tells replicas apart. */
  Map<String, String> resource(String version) throws RefusedVariable {
    Map<String, String> resource = new LinkedHashMap<>();
    resource.put("service.name", "tidegate");
    resource.put("service.version", version);
    String instance = read("POD_NAME").isEmpty() ? read("HOSTNAME") : read("POD_NAME");
    if (!instance.isEmpty()) {
      resource.put("service.instance.id", instance);
    }
    String variable = "OTEL_RESOURCE_ATTRIBUTES";
    resource.putAll(pairs(variable, read(variable)));
    if (!read("OTEL_SERVICE_NAME").isEmpty()) {
      resource.put("service.name", read("OTEL_SERVICE_NAME"));
    }
    return resource;
  }

  /**
   * The span in which this process was started; null: none is named.
   *
   * @see <a href="https://www.w3.org/TR/trace-context/#traceparent-header">traceparent</a>
   */
  @Nullable Parent parent() {
    Matcher parent = TRACEPARENT.matcher(read("TRACEPARENT"));
    return parent.matches() && !parent.group(1).matches("0+") && !parent.group(2).matches("0+")
        ? new Parent(parent.group(1), parent.group(2))
        : null;
  }

  /** Whether that span's trace is being recorded, or there is none. */
  boolean sampled() {
    Matcher parent = TRACEPARENT.matcher(read("TRACEPARENT"));
    return !parent.matches() || (HexFormat.fromHexDigits(parent.group(3)) & 1) == 1;
  }

  /** {@code name=value,name=value}, the values percent-encoded. */
  private static Map<String, String> pairs(String variable, String text) throws RefusedVariable {
    Map<String, String> pairs = new LinkedHashMap<>();
    for (String pair : Arrays.stream(text.split(",", -1)).filter(it -> !it.isBlank()).toList()) {
      int equals = pair.indexOf('=');
      if (equals < 1) {
        throw new RefusedVariable(variable + " has a part that is not NAME=VALUE");
      }
      try {
        String value = pair.substring(equals + 1).strip().replace("+", "%2B");
        pairs.put(
            pair.substring(0, equals).strip(), URLDecoder.decode(value, StandardCharsets.UTF_8));
      } catch (IllegalArgumentException e) {
        throw new RefusedVariable(variable + " has a % that begins no escape");
      }
    }
    return pairs;
  }
}
