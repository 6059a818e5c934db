package io.tidegate.servers;

import de.bwaldvogel.mongo.MongoServer;
import de.bwaldvogel.mongo.backend.memory.MemoryBackend;

/**
 * A server of the MongoDB wire protocol in this process. It is not mongod: it has no
 * authentication, no replica sets and no durability, and says so here since real mongod does not
 * come as a Maven artifact. Its data is gone when it stops.
 */
public final class MongoWireServer implements AutoCloseable {
  private final int port = Ports.free();
  private MongoServer server = new MongoServer(new MemoryBackend());

  /** A server that runs and answers. */
  public static MongoWireServer started() {
    MongoWireServer server = new MongoWireServer();
    server.start();
    return server;
  }

  /** Starts it on its port, empty. */
  public void start() {
    server = new MongoServer(new MemoryBackend());
    server.bind("127.0.0.1", port);
  }

  /** The loopback port on which it listens when it runs. */
  public int port() {
    return port;
  }

  /** A URL for one database. */
  public String url(String database) {
    return "mongodb://127.0.0.1:%d/%s".formatted(port, database);
  }

  /** Ends every connection and stops listening; its data is gone. */
  public void stop() {
    server.shutdownNow();
  }

  @Override
  public void close() {
    stop();
  }
}
