package io.tidegate.engine.mongodb;

import io.tidegate.problem.ExitCode;
import io.tidegate.problem.Problem;
import io.tidegate.problem.ProblemException;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.bson.BSONException;
import org.bson.BsonArray;
import org.bson.BsonDocument;
import org.bson.BsonValue;
import org.bson.json.JsonParseException;
import tools.jackson.core.JacksonException;
import tools.jackson.core.JsonParser;
import tools.jackson.core.ObjectReadContext;
import tools.jackson.core.StreamReadConstraints;
import tools.jackson.core.StreamReadFeature;
import tools.jackson.core.TokenStreamLocation;
import tools.jackson.core.json.JsonFactory;

/** Reads a file of commands: one document, or an array of documents, in Extended JSON. */
final class CommandParser {
  /** As deep as MongoDB lets a document be. */
  private static final int MAX_DEPTH = 100;

  /**
   * Strict JSON first, by a parser that tells line and column: the driver's own takes the shell's
   * loose syntax too, ignores what follows the first value, and takes the last of two equal keys.
   */
  private static final JsonFactory STRICT =
      JsonFactory.builder()
          .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
          .streamReadConstraints(
              StreamReadConstraints.builder()
                  .maxNestingDepth(MAX_DEPTH)
                  .maxStringLength(MongoChangelogFile.MAX_BYTES)
                  .build())
          .build();

  private CommandParser() {}

  static List<BsonDocument> parse(Path path, byte[] bytes) {
    String text = decoded(path, bytes);
    boolean array = isArray(path, text);
    List<BsonDocument> commands = new ArrayList<>();
    try {
      if (!array) {
        commands.add(BsonDocument.parse(text));
      } else {
        for (BsonValue value : BsonArray.parse(text)) {
          if (!value.isDocument()) {
            throw refused(
                path,
                "element %d is not a document".formatted(commands.size() + 1),
                "Write each command as a document: { \"createIndexes\": ... }");
          }
          commands.add(value.asDocument());
        }
      }
    } catch (JsonParseException | BSONException | IllegalArgumentException e) {
      throw new ProblemException(
          ExitCode.CHANGELOG,
          "it is not Extended JSON: " + e.getMessage(),
          path.toString(),
          "Check the values that begin with a dollar sign",
          e);
    }
    if (commands.isEmpty()) {
      throw refused(path, "it holds no command", "Write a command into it, or delete it");
    }
    for (int i = 0; i < commands.size(); i++) {
      CommandRules.check(commands.get(i), path + ", command " + (i + 1));
    }
    return commands;
  }

  private static String decoded(Path path, byte[] bytes) {
    try {
      String text = StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(bytes)).toString();
      text = text.startsWith("\uFEFF") ? text.substring(1) : text;
      if (text.isBlank()) {
        throw refused(path, "the file is empty", "Write a command into it, or delete it");
      }
      return text;
    } catch (CharacterCodingException e) {
      throw new ProblemException(
          ExitCode.CHANGELOG, "it is not UTF-8", path.toString(), "Save it as UTF-8", e);
    }
  }

  /** Whether the file's one value is an array; anything but an array or a document is refused. */
  private static boolean isArray(Path path, String text) {
    try (JsonParser parser = STRICT.createParser(ObjectReadContext.empty(), text)) {
      boolean object = parser.nextToken() == tools.jackson.core.JsonToken.START_OBJECT;
      boolean array = parser.currentToken() == tools.jackson.core.JsonToken.START_ARRAY;
      if (!object && !array) {
        throw refused(
            path,
            "it holds neither a command document nor an array of them",
            "Begin it with { or [");
      }
      parser.skipChildren();
      if (parser.nextToken() != null) {
        throw refused(
            path,
            "line %d has more after the first value"
                .formatted(parser.currentTokenLocation().getLineNr()),
            "Put several commands into one array, or into several files");
      }
      return array;
    } catch (JacksonException e) {
      TokenStreamLocation at = e.getLocation();
      String where =
          at == null ? "" : " at line %d, column %d".formatted(at.getLineNr(), at.getColumnNr());
      throw new ProblemException(
          ExitCode.CHANGELOG,
          "it is not valid JSON%s: %s".formatted(where, e.getOriginalMessage()),
          path.toString(),
          "Correct it there",
          e);
    }
  }

  private static ProblemException refused(Path path, String what, String remedy) {
    return new ProblemException(new Problem(ExitCode.CHANGELOG, what, path.toString(), remedy));
  }
}
