package io.tidegate.program;

import com.mongodb.client.MongoClient;
import com.mongodb.client.MongoClients;
import com.mongodb.client.MongoCollection;
import com.mongodb.client.model.Filters;
import com.mongodb.client.model.Updates;
import io.tidegate.servers.MongoWireServer;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.bson.Document;

/** A changelog of inserts, each of which can be counted: one that ran twice is there twice. */
final class MongoChangelog implements AutoCloseable {
  private static final String DATABASE = "app";
  private final int files;
  private final int commands;
  private final Path folder;
  private final MongoWireServer server;
  private final MongoClient client;

  MongoChangelog(Path folder, MongoWireServer server, int files, int commands) throws IOException {
    this.folder = folder;
    this.server = server;
    this.files = files;
    this.commands = commands;
    this.client = MongoClients.create(server.url(DATABASE));
    for (int file = 0; file < files; file++) {
      String name = name(file);
      String text =
          IntStream.range(0, commands)
              .mapToObj(i ->
                  "{\"insert\": \"ran\", \"documents\": [{\"command\": \"%s/%d\"}]}"
                      .formatted(name, i + 1))
              .collect(Collectors.joining(",\n", "[", "]"));
      Files.writeString(folder.resolve(name), text);
    }
  }

  private static String name(int file) {
    return "%03d.json".formatted(file);
  }

  Map<String, String> environment() {
    return Map.of(
        "TIDEGATE_TARGETS_DB_URL",
        server.url(DATABASE),
        "TIDEGATE_TARGETS_DB_CHANGELOG",
        folder.toString());
  }

  /** How many times each command should have run. */
  Map<String, Integer> once() {
    Map<String, Integer> all = new TreeMap<>();
    for (int file = 0; file < files; file++) {
      for (int i = 1; i <= commands; i++) {
        all.put(name(file) + "/" + i, 1);
      }
    }
    return all;
  }

  /** How many times each command ran. */
  Map<String, Integer> ran() {
    Map<String, Integer> all = new TreeMap<>();
    for (Document document : collection("ran").find()) {
      all.merge(document.getString("command"), 1, Integer::sum);
    }
    return all;
  }

  long count() {
    return collection("ran").countDocuments();
  }

  void drop() {
    client.getDatabase(DATABASE).drop();
  }

  /** As if the time of a lease had passed since its holder, who is dead, renewed it. */
  void letTheLeaseRunOut() {
    collection("tidegate_lease")
        .updateOne(Filters.exists("owner"), Updates.set("renewedAt", Instant.EPOCH));
  }

  private MongoCollection<Document> collection(String name) {
    return client.getDatabase(DATABASE).getCollection(name);
  }

  @Override
  public void close() {
    client.close();
  }
}
