package io.tidegate;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.source.tree.BinaryTree;
import com.sun.source.tree.CompilationUnitTree;
import com.sun.source.tree.LiteralTree;
import com.sun.source.tree.ParenthesizedTree;
import com.sun.source.tree.Tree;
import com.sun.source.util.JavacTask;
import com.sun.source.util.TreeScanner;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeSet;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import javax.tools.JavaCompiler;
import javax.tools.StandardJavaFileManager;
import javax.tools.ToolProvider;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/**
 * All that the program says, as it stands in its source, in one file for review: {@code
 * target/messages.txt}. A message uses the field's own words.
 */
class MessagesTest {
  private static final Path SOURCES = Path.of("src/main/java");
  private static final Path CATALOGUE = Path.of("target/messages.txt");

  /** At least three words in a row: neither SQL, which is in capitals here, nor a name. */
  private static final Pattern SENTENCE = Pattern.compile("[a-z%]+ [a-z%]+ [a-z%]+");

  /** Words that a native engineer would not use so. */
  private static final Pattern NOT_OURS =
      Pattern.compile("(?i)\\b(judg(e|es|ed|ing|ement)|census|inwords|bulletin|lull|parcel)\\b");

  private static final List<Message> MESSAGES = new ArrayList<>();

  /** A text in the source; what is put into it stands as dots. */
  private record Message(String file, String text) {
    @Override
    public String toString() {
      return file + ": " + text.strip().replace("\n", "\\n");
    }
  }

  @BeforeAll
  static void read() throws IOException {
    JavaCompiler compiler = ToolProvider.getSystemJavaCompiler();
    try (StandardJavaFileManager files = compiler.getStandardFileManager(null, null, null);
        Stream<Path> found = Files.walk(SOURCES)) {
      List<Path> sources = found.filter(path -> path.toString().endsWith(".java")).toList();
      JavacTask task =
          (JavacTask)
              compiler.getTask(
                  null, files, null, null, null, files.getJavaFileObjectsFromPaths(sources));
      for (CompilationUnitTree unit : task.parse()) {
        String path = Path.of(unit.getSourceFile().toUri()).toString();
        new Reader(path.substring(path.indexOf("io/tidegate/"))).scan(unit, null);
      }
    }
    Files.write(CATALOGUE, new TreeSet<>(MESSAGES.stream().map(Message::toString).toList()));
  }

  /** Finds whole texts: a sum of literals and other things is one. */
  private static final class Reader extends TreeScanner<@Nullable Void, @Nullable Void> {
    private final String file;

    Reader(String file) {
      this.file = file;
    }

    @Override
    public @Nullable Void visitBinary(BinaryTree node, @Nullable Void nothing) {
      if (node.getKind() != Tree.Kind.PLUS) {
        return super.visitBinary(node, null);
      }
      add(text(node));
      return null;
    }

    @Override
    public @Nullable Void visitLiteral(LiteralTree node, @Nullable Void nothing) {
      if (node.getValue() instanceof String text) {
        add(text);
      }
      return null;
    }

    private String text(Tree node) {
      return switch (node) {
        case LiteralTree literal -> String.valueOf(literal.getValue());
        case BinaryTree sum when sum.getKind() == Tree.Kind.PLUS ->
            text(sum.getLeftOperand()) + text(sum.getRightOperand());
        case ParenthesizedTree inner -> text(inner.getExpression());
        default -> {
          scan(node, null);
          yield "...";
        }
      };
    }

    private void add(String text) {
      if (SENTENCE.matcher(text).find()) {
        MESSAGES.add(new Message(file, text));
      }
    }
  }

  @Test
  void the_catalogue_holds_them_all() throws IOException {
    assertThat(Files.readAllLines(CATALOGUE)).hasSizeGreaterThan(1000);
  }

  @Test
  void a_message_uses_the_fields_own_words() {
    assertThat(MESSAGES).filteredOn(message -> NOT_OURS.matcher(message.text()).find()).isEmpty();
  }
}
