package io.tidegate.servers;

import java.io.IOException;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/** OpenTelemetry's own collector, which prints what it takes by OTLP/HTTP; built by {@code .ci/otlp}. */
public final class OtelCollector extends ServerProcess {
  private final String program;

  /** One that does not run yet. */
  public OtelCollector(String program) {
    super("collector");
    this.program = program;
  }

  @Override
  List<String> command() throws IOException {
    Path config =
        Files.writeString(
            folder().resolve("config.yaml"),
            """
            receivers:
              otlp:
                protocols:
                  http:
                    endpoint: 127.0.0.1:%d
            exporters:
              debug:
                verbosity: detailed
                use_internal_logger: false
                output_paths: [stdout]
            service:
              telemetry:
                metrics:
                  level: none
              pipelines:
                traces: {receivers: [otlp], exporters: [debug]}
                metrics: {receivers: [otlp], exporters: [debug]}
            """
                .formatted(port()));
    return List.of(program, "--config=" + config);
  }

  @Override
  boolean answers() {
    try (Socket socket = connect(5_000)) {
      return socket.isConnected();
    } catch (IOException e) {
      return false;
    }
  }
}
