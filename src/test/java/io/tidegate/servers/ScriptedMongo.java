package io.tidegate.servers;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import org.bson.BsonDocument;
import org.bson.BsonInt32;
import org.bson.BsonString;
import org.jspecify.annotations.Nullable;

/**
 * Stands before a {@link MongoWireServer} at the wire, and answers in its place what that cannot:
 * {@code hello} of a replica set, logins by SCRAM-SHA-256, refusals. Everything else is handed on.
 * It shows what Tidegate makes of such answers, written as MongoDB documents them; not that mongod
 * gives them.
 */
public final class ScriptedMongo implements AutoCloseable {
  private final int port = Ports.free();
  private final int upstream;
  private final Map<String, BsonDocument> answers = new ConcurrentHashMap<>();
  private final List<String> commands = new CopyOnWriteArrayList<>();
  private final Set<Socket> open = ConcurrentHashMap.newKeySet();
  private volatile @Nullable ServerSocket listener;
  private volatile int most = Integer.MAX_VALUE;
  private volatile String user = "";
  private volatile String password = "";

  /** One that hands on to a server on that loopback port. It does not listen yet. */
  public ScriptedMongo(MongoWireServer server) {
    upstream = server.port();
  }

  /** Starts listening on its port. */
  public ScriptedMongo start() {
    try {
      ServerSocket socket = new ServerSocket(port, 50, InetAddress.getLoopbackAddress());
      listener = socket;
      Thread.ofVirtual().name("scripted-mongo").start(() -> accept(socket));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return this;
  }

  /** From now on a login is required, as this user. */
  public ScriptedMongo requiring(String user, String password) {
    this.user = user;
    this.password = password;
    return this;
  }

  /** At most so many connections: what comes after is closed at once, as mongod does. */
  public ScriptedMongo accepting(int connections) {
    most = connections;
    return this;
  }

  /** Answers a command so from now on; {@code hello} stands for {@code isMaster} too. */
  public ScriptedMongo answering(String command, String reply) {
    answers.put(command.toLowerCase(Locale.ROOT), BsonDocument.parse(reply));
    return this;
  }

  /** Refuses a command from now on. */
  public ScriptedMongo refusing(String command, int code, String message) {
    answers.put(command.toLowerCase(Locale.ROOT), refusal(code, message));
    return this;
  }

  /** Takes back what was said of a command. */
  public void handingOn(String command) {
    answers.remove(command.toLowerCase(Locale.ROOT));
  }

  /** The loopback port on which it listens when it runs. */
  public int port() {
    return port;
  }

  /** The commands so far, in order. */
  public List<String> commands() {
    return List.copyOf(commands);
  }

  void seen(String command) {
    commands.add(command);
  }

  /** How many connections are open now. */
  public int connections() {
    return open.size();
  }

  int upstream() {
    return upstream;
  }

  boolean requiresLogin() {
    return !user.isEmpty();
  }

  ScramLogin login() {
    return new ScramLogin(user, password);
  }

  @Nullable BsonDocument scripted(String command) {
    return answers.get(command);
  }

  static BsonDocument refusal(int code, String message) {
    return new BsonDocument("ok", new BsonInt32(0))
        .append("code", new BsonInt32(code))
        .append("errmsg", new BsonString(message));
  }

  private void accept(ServerSocket from) {
    while (!from.isClosed()) {
      try {
        Socket socket = from.accept();
        if (open.size() >= most) {
          socket.close();
          continue;
        }
        open.add(socket);
        Thread.ofVirtual().name("scripted-mongo-talk").start(() -> talk(socket));
      } catch (IOException closed) {
        return;
      }
    }
  }

  private void talk(Socket socket) {
    try (socket;
        ScriptedTalk talk = new ScriptedTalk(this)) {
      talk.over(socket);
    } catch (IOException theOtherSideIsGone) {
      // Nothing to say to nobody.
    } finally {
      open.remove(socket);
    }
  }

  /** Ends every connection and stops listening; {@link #start} begins anew. */
  @Override
  public void close() {
    try {
      ServerSocket socket = listener;
      if (socket != null) {
        socket.close();
      }
      for (Socket one : open) {
        one.close();
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
