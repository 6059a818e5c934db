package io.tidegate.engine.mongodb;

import io.tidegate.digest.Sha256;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import org.bson.BsonDocument;
import org.bson.json.JsonMode;
import org.bson.json.JsonWriterSettings;

/** One changeset: the commands of a file, checked, in their order. */
final class CommandFile {
  private static final JsonWriterSettings CANONICAL =
      JsonWriterSettings.builder().outputMode(JsonMode.EXTENDED).build();

  private final String name;
  private final String source;
  private final List<BsonDocument> commands;
  private final List<String> checksums;

  private CommandFile(String name, String source, List<BsonDocument> commands) {
    this.name = name;
    this.source = source;
    this.commands = List.copyOf(commands);
    this.checksums = new ArrayList<>(commands.size() + 1);
    // Over canonical Extended JSON: white space and spelling may change, what is run may not.
    MessageDigest digest = Sha256.digest();
    checksums.add(hex(digest));
    for (BsonDocument command : commands) {
      digest.update(command.toJson(CANONICAL).getBytes(StandardCharsets.UTF_8));
      digest.update((byte) '\n');
      checksums.add(hex(digest));
    }
  }

  /**
   * Reads a file.
   *
   * @throws io.tidegate.problem.ProblemException with exit 65 if it is not commands in Extended JSON
   *     or holds a command that is refused
   */
  static CommandFile read(MongoChangelogFile file) {
    byte[] bytes = file.read();
    return new CommandFile(file.name(), sourceOf(bytes), CommandParser.parse(file.path(), bytes));
  }

  /** The checksum over a file's bytes. */
  static String sourceOf(byte[] bytes) {
    MessageDigest digest = Sha256.digest();
    digest.update(bytes);
    return hex(digest);
  }

  /** The file's name: the changeset's id. */
  String name() {
    return name;
  }

  /** The checksum over its bytes. */
  String source() {
    return source;
  }

  /** How many commands it has, at least 1. */
  int size() {
    return commands.size();
  }

  List<BsonDocument> commands() {
    return commands;
  }

  /** The command's own name: {@code createIndexes}. */
  String commandName(int index) {
    return commands.get(index).getFirstKey();
  }

  /** The checksum over all its commands. */
  String checksum() {
    return checksums.getLast();
  }

  /** The checksum over its first commands, so many of them. */
  String checksum(int first) {
    return checksums.get(first);
  }

  private static String hex(MessageDigest digest) {
    try {
      MessageDigest copy = (MessageDigest) digest.clone();
      return HexFormat.of().formatHex(copy.digest());
    } catch (CloneNotSupportedException e) {
      throw new IllegalStateException("the JDK's SHA-256 can be cloned", e);
    }
  }
}
