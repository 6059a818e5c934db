package io.tidegate.servers;

import java.io.IOException;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.Socket;
import java.security.GeneralSecurityException;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import org.bson.BsonArray;
import org.bson.BsonBinary;
import org.bson.BsonBoolean;
import org.bson.BsonDocument;
import org.bson.BsonInt32;
import org.bson.BsonString;
import org.jspecify.annotations.Nullable;

/** One connection of a {@link ScriptedMongo}. */
final class ScriptedTalk implements AutoCloseable {
  private static final Set<String> HELLO = Set.of("hello", "ismaster");
  private static final int UNAUTHORIZED = 13;
  private static final int AUTHENTICATION_FAILED = 18;

  private final ScriptedMongo script;
  private @Nullable Socket upstream;
  private @Nullable ScramLogin login;
  private boolean loggedIn;

  ScriptedTalk(ScriptedMongo script) {
    this.script = script;
  }

  /** Answers until the other side has enough. */
  void over(Socket socket) throws IOException {
    OutputStream out = socket.getOutputStream();
    while (true) {
      MongoFrame frame = MongoFrame.read(socket.getInputStream());
      BsonDocument command = frame.command();
      script.seen(command.getFirstKey());
      BsonDocument own = own(command.getFirstKey().toLowerCase(Locale.ROOT), command);
      out.write(own == null ? handedOn(frame) : frame.answer(own));
      out.flush();
    }
  }

  /** What the script says; null: nothing. */
  private @Nullable BsonDocument own(String name, BsonDocument command) throws IOException {
    boolean hello = HELLO.contains(name);
    BsonDocument scripted = script.scripted(hello ? "hello" : name);
    if (scripted != null && !hello) {
      return scripted;
    }
    if (hello) {
      return hello(command, scripted);
    }
    if (name.equals("saslstart")) {
      ScramLogin begun = script.login();
      login = begun;
      return sasl(begun.start(command.getBinary("payload").getData()), false);
    }
    if (name.equals("saslcontinue")) {
      return proof(command.getBinary("payload").getData());
    }
    return script.requiresLogin() && !loggedIn
        ? ScriptedMongo.refusal(UNAUTHORIZED, "Command " + name + " requires authentication")
        : null;
  }

  private @Nullable BsonDocument hello(BsonDocument command, @Nullable BsonDocument scripted) {
    if (scripted == null && !script.requiresLogin()) {
      return null;
    }
    if (scripted != null && scripted.containsKey("code")) {
      return scripted;
    }
    BsonDocument reply =
        new BsonDocument("helloOk", BsonBoolean.TRUE)
            .append("minWireVersion", new BsonInt32(0))
            .append("maxWireVersion", new BsonInt32(21))
            .append("maxBsonObjectSize", new BsonInt32(16_777_216))
            .append("maxMessageSizeBytes", new BsonInt32(48_000_000))
            .append("maxWriteBatchSize", new BsonInt32(100_000))
            .append("ok", new BsonInt32(1));
    reply.putAll(
        scripted != null
            ? scripted
            : BsonDocument.parse("{isWritablePrimary: true, ismaster: true}"));
    if (command.containsKey("saslSupportedMechs")) {
      reply.append("saslSupportedMechs", new BsonArray(List.of(new BsonString("SCRAM-SHA-256"))));
    }
    return reply;
  }

  private BsonDocument proof(byte[] payload) throws IOException {
    try {
      byte[] last = login == null ? new byte[0] : login.proof(payload);
      loggedIn = last.length > 0;
      return loggedIn
          ? sasl(last, true)
          : ScriptedMongo.refusal(AUTHENTICATION_FAILED, "Authentication failed.");
    } catch (GeneralSecurityException e) {
      throw new IOException(e);
    }
  }

  private static BsonDocument sasl(byte[] payload, boolean done) {
    return new BsonDocument("conversationId", new BsonInt32(1))
        .append("done", BsonBoolean.valueOf(done))
        .append("payload", new BsonBinary(payload))
        .append("ok", new BsonInt32(1));
  }

  private byte[] handedOn(MongoFrame frame) throws IOException {
    Socket server = upstream;
    if (server == null) {
      server = new Socket(InetAddress.getLoopbackAddress(), script.upstream());
      upstream = server;
    }
    server.getOutputStream().write(frame.whole());
    server.getOutputStream().flush();
    return MongoFrame.read(server.getInputStream()).whole();
  }

  @Override
  public void close() throws IOException {
    Socket server = upstream;
    if (server != null) {
      server.close();
    }
  }
}
