package io.tidegate.engine.sqlite;

import static io.tidegate.migration.sql.Changelogs.write;
import static org.assertj.core.api.Assertions.assertThat;

import io.tidegate.migration.sql.RealFlywaySuite;
import io.tidegate.migration.sql.TestDatabases;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SqliteRealFlywayTest extends RealFlywaySuite {
  @TempDir private Path databases;

  @Override
  protected TestDatabases databases() {
    return new SqliteDatabases(databases);
  }

  @Override
  protected String jdbcUrl(String database) {
    return "jdbc:sqlite:" + new SqliteDatabases(databases).file(database);
  }

  @Override
  protected String sleep(int seconds) {
    return "";
  }

  @Test
  void both_keep_a_pragma_out_of_a_transaction() throws Exception {
    Step alone = () -> write(folder, "V2__two.sql", "PRAGMA foreign_keys = ON;");
    assertThat(bothGoOn(this::first, alone)).isTrue();
  }

  @Test
  void both_refuse_a_pragma_beside_other_statements() throws Exception {
    Step mixed =
        () ->
            write(
                folder,
                "V2__two.sql",
                "PRAGMA foreign_keys = OFF;\nINSERT INTO note VALUES (2);\nPRAGMA foreign_keys = ON;");
    assertThat(bothGoOn(this::first, mixed)).isFalse();
  }
}
