package io.tidegate.engine.mysql;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Map;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** By what servers report of themselves. */
class MySqlProductTest {
  @ParameterizedTest
  @CsvSource({
    "8.4.3, MySQL Community Server - GPL, MySQL 8.4.3, true",
    "8.0.36-28, Percona Server (GPL), MySQL 8.0.36-28, true",
    "11.4.5-MariaDB-log, MariaDB Server, MariaDB 11.4.5, true",
    "8.0.11-TiDB-v8.5.0, TiDB Server (Apache License 2.0) Community Edition, TiDB v8.5.0, false",
    "8.0.31, Dolt, 'Dolt, as MySQL 8.0.31', false",
  })
  void product_is_named_and_what_is_neither_mysql_nor_mariadb_is_not_migrated(
      String version, String comment, String description, boolean migrated) {
    MySqlProduct product = MySqlProduct.of(Map.of("version", version, "version_comment", comment));
    assertThat(product.description()).isEqualTo(description);
    assertThat(product.isMigrated()).isEqualTo(migrated);
  }
}
