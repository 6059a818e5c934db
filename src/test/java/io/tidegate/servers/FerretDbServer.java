package io.tidegate.servers;

import java.io.IOException;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/** FerretDB, which keeps its documents in SQLite files: a MongoDB server that nobody here wrote. */
final class FerretDbServer extends ServerProcess implements MongoWireServer {
  private final String program;

  /**
   * One that does not run yet.
   *
   * @param program built by {@code .ci/ferretdb}
   */
  FerretDbServer(String program) {
    super("ferretdb");
    this.program = program;
  }

  @Override
  List<String> command() throws IOException {
    Path data = Files.createDirectories(folder().resolve("data"));
    return List.of(program, "127.0.0.1:" + port(), "file:" + data + "/");
  }

  @Override
  boolean answers() {
    try (Socket socket = connect(1_000)) {
      return socket.isConnected();
    } catch (IOException e) {
      return false;
    }
  }
}
