package io.tidegate.servers;

import de.bwaldvogel.mongo.MongoServer;
import de.bwaldvogel.mongo.backend.memory.MemoryBackend;

/**
 * A server of the MongoDB wire protocol. Real mongod does not come as a Maven artifact, so it is one
 * of two others: by default one in this process, which has no authentication, no replica sets and no
 * durability, and whose data is gone when it stops; with {@code -Dtidegate.ferretdb=PROGRAM}, FerretDB.
 */
public interface MongoWireServer extends AutoCloseable {

  /** A server that does not run yet. */
  static MongoWireServer create() {
    String ferretDb = System.getProperty("tidegate.ferretdb");
    return ferretDb == null ? new InProcess() : new FerretDbServer(ferretDb);
  }

  /** A server that runs and answers. */
  static MongoWireServer started() {
    MongoWireServer server = create();
    server.start();
    return server;
  }

  /** A server that runs and that can be migrated, since it updates a document in one step. */
  static MongoWireServer startedWithAtomicUpdates() {
    MongoWireServer created = create();
    MongoWireServer server =
        created instanceof FerretDbServer ferretDb ? new AtomicFerretDb(ferretDb) : created;
    server.start();
    return server;
  }

  /** Starts it on its port. */
  void start();

  /** The loopback port on which it listens when it runs. */
  int port();

  /** A URL for one database. */
  default String url(String database) {
    return "mongodb://127.0.0.1:%d/%s".formatted(port(), database);
  }

  /** Ends every connection and stops listening. */
  void stop();

  /** Stops it; its data is gone. */
  @Override
  void close();

  /** The one in this process. */
  final class InProcess implements MongoWireServer {
    private final int port = Ports.free();
    private MongoServer server = new MongoServer(new MemoryBackend());

    private InProcess() {}

    @Override
    public void start() {
      server = new MongoServer(new MemoryBackend());
      server.bind("127.0.0.1", port);
    }

    @Override
    public int port() {
      return port;
    }

    @Override
    public void stop() {
      server.shutdownNow();
    }

    @Override
    public void close() {
      stop();
    }
  }
}
