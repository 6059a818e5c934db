package io.tidegate.migration.sql;

import io.tidegate.migration.sql.StatementSplitter.ScriptStatement;
import java.io.IOException;
import java.io.InputStream;
import java.io.Reader;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.regex.Pattern;
import liquibase.change.AbstractChange;
import liquibase.change.AbstractSQLChange;
import liquibase.change.CheckSum;
import liquibase.change.DatabaseChange;
import liquibase.database.Database;
import liquibase.statement.SqlStatement;
import org.apache.commons.io.input.ReaderInputStream;

/**
 * A plain SQL file, as the one change of its changeset. It is read whenever it is needed and never
 * kept, so that a file may be larger than the memory. Its statements are not Liquibase's: {@link
 * StatementExecutor} sends them.
 */
@DatabaseChange(name = "sql", description = "A plain SQL file", priority = 0)
public final class SqlFileChange extends AbstractChange {
  private final Source source;

  /** Where the file's text comes from. */
  interface Source {
    /** Opens it from its beginning; the caller closes it. */
    Reader open() throws IOException;
  }

  SqlFileChange(Source source) {
    this.source = source;
  }

  /** The text from its beginning; the caller closes it. */
  Reader open() throws IOException {
    return source.open();
  }

  /** Whether there is nothing in it. */
  boolean isBlank() {
    try (Reader text = open()) {
      int c = text.read();
      while (c >= 0 && c <= ' ') {
        c = text.read();
      }
      return c < 0;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** As Liquibase computes it for SQL: blanks and the ends of lines do not matter. */
  @Override
  public CheckSum generateCheckSum() {
    try (Reader text = open();
        InputStream bytes =
            ReaderInputStream.builder().setReader(text).setCharset(StandardCharsets.UTF_8).get()) {
      return CheckSum.compute(new AbstractSQLChange.NormalizingStream(bytes), false);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  @Override
  public String getConfirmationMessage() {
    return "SQL file executed";
  }

  @Override
  public SqlStatement[] generateStatements(Database database) {
    return SqlStatement.EMPTY_SQL_STATEMENT;
  }

  /**
   * What a statement means for the transaction. A plain file is one transaction already, together
   * with its history row: its own BEGIN and COMMIT are left out, or a failure would leave half of it.
   */
  enum TransactionControl {
    /** Nothing. */
    NONE,
    /** Begins one as every other. */
    BEGIN,
    /** Commits it. */
    COMMIT,
    /** Whether the session commits each statement by itself: it must not. */
    AUTOCOMMIT,
    /** Takes back what was done. */
    ROLLBACK,
    /** Something that one transaction for the whole file cannot give. */
    OTHER;

    private static final Pattern BEGINS =
        Pattern.compile(
            "BEGIN( DEFERRED| IMMEDIATE| EXCLUSIVE)?( WORK| TRANSACTION)?( READ WRITE)?"
                + "|START TRANSACTION( READ WRITE)?");

    private static final Pattern COMMITS = Pattern.compile("(COMMIT|END)( WORK| TRANSACTION)?");
    private static final Pattern SETS_AUTOCOMMIT =
        Pattern.compile("SET (SESSION |LOCAL )?AUTOCOMMIT( \\w+)?");
    private static final Pattern ROLLS_BACK =
        Pattern.compile("(ROLLBACK|ABORT)( WORK| TRANSACTION)?");
    private static final Pattern TO_SAVEPOINT =
        Pattern.compile("ROLLBACK (WORK |TRANSACTION )?TO\\b.*");
    private static final Pattern OTHERS =
        Pattern.compile(
            "BEGIN (WORK |TRANSACTION )?(ISOLATION|READ|NOT DEFERRABLE|DEFERRABLE|CONCURRENT)\\b.*"
                + "|START TRANSACTION .*|(COMMIT|END|ROLLBACK|ABORT) .*|PREPARE TRANSACTION|XA .*");

    static TransactionControl of(ScriptStatement statement) {
      String head = statement.head();
      if (BEGINS.matcher(head).matches()) {
        return BEGIN;
      }
      if (COMMITS.matcher(head).matches()) {
        return COMMIT;
      }
      if (SETS_AUTOCOMMIT.matcher(head).matches()) {
        return AUTOCOMMIT;
      }
      if (ROLLS_BACK.matcher(head).matches()) {
        return ROLLBACK;
      }
      return !TO_SAVEPOINT.matcher(head).matches() && OTHERS.matcher(head).matches() ? OTHER : NONE;
    }

    /** Whether a statement that sets autocommit turns it on, or back to what it was. */
    static boolean turnsAutocommitOn(ScriptStatement statement) {
      return !statement.head().matches(".*\\b(0|OFF|FALSE)");
    }

    /** Whether it is left out of a file that runs as one transaction. */
    boolean isLeftOut() {
      return this == BEGIN || this == COMMIT || this == AUTOCOMMIT;
    }
  }
}
