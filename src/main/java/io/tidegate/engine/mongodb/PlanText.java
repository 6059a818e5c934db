package io.tidegate.engine.mongodb;

import java.util.List;
import java.util.Map;
import java.util.Set;
import org.bson.BsonDocument;
import org.bson.BsonString;
import org.bson.json.JsonMode;
import org.bson.json.JsonWriterSettings;

/** The commands that would run, for people. */
final class PlanText {
  private static final JsonWriterSettings READABLE =
      JsonWriterSettings.builder().outputMode(JsonMode.RELAXED).build();

  /** Their pwd is a password. */
  private static final Set<String> WITH_PASSWORD = Set.of("createUser", "updateUser");

  private PlanText() {}

  static String of(List<MongoChangelogFile> pending, Map<String, JournalEntry> journal) {
    StringBuilder text = new StringBuilder();
    for (MongoChangelogFile source : pending) {
      CommandFile file = CommandFile.read(source);
      JournalEntry entry = journal.get(source.name());
      int done = entry == null ? 0 : entry.done();
      text.append("// ").append(file.name());
      if (done > 0) {
        text.append(", from command ").append(done + 1).append(" of ").append(file.size());
      }
      text.append('\n');
      for (BsonDocument command : file.commands().subList(done, file.size())) {
        text.append(masked(command).toJson(READABLE)).append('\n');
      }
    }
    return text.toString();
  }

  private static BsonDocument masked(BsonDocument command) {
    if (!WITH_PASSWORD.contains(command.getFirstKey()) || !command.containsKey("pwd")) {
      return command;
    }
    return command.clone().append("pwd", new BsonString("***"));
  }
}
