package io.tidegate.engine.mongodb;

import com.mongodb.client.MongoClient;
import com.mongodb.client.MongoClients;
import com.mongodb.client.MongoCollection;
import com.mongodb.client.MongoDatabase;
import com.mongodb.client.model.Filters;
import io.tidegate.migration.BrokenNetworkSuite;
import io.tidegate.migration.Migration;
import io.tidegate.migration.MigrationSettings;
import io.tidegate.migration.MigrationStatus.Interrupted;
import io.tidegate.servers.MongoWireServer;
import io.tidegate.target.Target;
import java.io.IOException;
import java.nio.file.Files;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.bson.BsonArray;
import org.bson.Document;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;

/** On FerretDB by {@code .ci/ferretdb}, whose commands a proxy makes atomic. */
class MongoBrokenNetworkIT extends BrokenNetworkSuite {
  private static final int ROUNDS = 4;
  private static final int DOCUMENTS = 20;
  private static final Duration SILENCE = Duration.ofSeconds(15);

  /** What is the same in each run. */
  private static final Set<String> JOURNAL =
      Set.of("_id", "state", "checksum", "source", "commands", "done", "doneChecksum", "sent");

  private static MongoWireServer server;
  private static MongoClient client;

  @BeforeAll
  static void start() {
    server = MongoWireServer.startedWithAtomicUpdates();
    client = MongoClients.create(server.url(""));
  }

  @AfterAll
  static void stop() {
    client.close();
    server.close();
  }

  /**
   * Rows without a key and steps: a second run would double the ones and go further by the others. The
   * index is a unique one, since the server in this process makes no others.
   */
  @Override
  protected void writeChangelog() throws IOException {
    String documents =
        IntStream.range(0, DOCUMENTS)
            .mapToObj("{\"name\": \"name %d\", \"step\": 0}"::formatted)
            .collect(Collectors.joining(", "));
    for (int i = 1; i <= ROUNDS; i++) {
      write(i + "1-create.json", "{\"create\": \"c%d\"}".formatted(i));
      write(
          i + "2-insert.json",
          "{\"insert\": \"c%d\", \"documents\": [%s]}".formatted(i, documents));
      write(
          i + "3-several.json",
          """
          [{"createIndexes": "c%1$d", "indexes": [{"key": {"name": 1, "_id": 1}, "name": "by_name", "unique": true}]},
           {"update": "c%1$d", "updates": [{"q": {}, "u": {"$inc": {"step": 1}}, "multi": true}]},
           {"insert": "log", "documents": [{"changed": "c%1$d"}]}]\
          """
              .formatted(i));
    }
  }

  private void write(String name, String text) throws IOException {
    Files.writeString(changelog().resolve(name), text);
  }

  /** The first command makes it. */
  @Override
  protected void create(String database) {}

  @Override
  protected int port() {
    return server.port();
  }

  @Override
  protected Target target(String database, int port) {
    return MongoTargets.target(port, database, changelog());
  }

  @Override
  protected Migration open(Target target) {
    return new MongoMigration(
        target,
        new CommandDirectory(changelog()),
        MigrationSettings.DEFAULT,
        MongoMigrator.LEASE,
        MongoMigrator.LEASE.dividedBy(3),
        SILENCE);
  }

  @Override
  protected List<String> contents(String name) {
    MongoDatabase database = client.getDatabase(name);
    List<String> all = new ArrayList<>();
    for (String collection : database.listCollectionNames()) {
      if (collection.equals(MongoLease.COLLECTION)) {
        continue;
      }
      boolean journal = collection.equals(MigrationJournal.COLLECTION);
      all.add(collection);
      for (Document index : database.getCollection(collection).listIndexes()) {
        all.add("%s index %s".formatted(collection, index.get("key")));
      }
      for (Document document : database.getCollection(collection).find()) {
        document.keySet().removeIf(key -> journal ? !JOURNAL.contains(key) : key.equals("_id"));
        all.add("%s %s".formatted(collection, new TreeMap<>(document)));
      }
    }
    return all.stream().sorted().toList();
  }

  @Override
  protected boolean rollsBack() {
    return false;
  }

  @Override
  protected boolean made(String name, Interrupted interrupted) throws IOException {
    MongoDatabase database = client.getDatabase(name);
    Document command = command(interrupted);
    String kind = command.keySet().iterator().next();
    MongoCollection<Document> collection = database.getCollection(command.getString(kind));
    return switch (kind) {
      case "create" ->
          database.listCollectionNames().into(new ArrayList<>()).contains(command.getString(kind));
      case "insert" ->
          collection.countDocuments(command.getList("documents", Document.class).getFirst()) > 0;
      case "createIndexes" -> collection.listIndexes().into(new ArrayList<>()).size() > 1;
      case "update" -> collection.countDocuments(Filters.gt("step", 0)) > 0;
      default -> throw new IllegalArgumentException(kind);
    };
  }

  /** The one that is named, as in {@code command 2 of 3 (insert)}. */
  private Document command(Interrupted interrupted) throws IOException {
    String text = Files.readString(changelog().resolve(interrupted.changeset().path()));
    BsonArray commands = BsonArray.parse(text.startsWith("[") ? text : "[" + text + "]");
    int number = Integer.parseInt(interrupted.what().split(" ", 3)[1]);
    return Document.parse(commands.get(number - 1).asDocument().toJson());
  }
}
