/**
 * MySQL and MariaDB, both by MariaDB Connector/J. Facts: {@code product}, which is MySQL, MariaDB,
 * TiDB or Dolt; {@code version}, {@code version_comment}, {@code innodb_flush_log_at_trx_commit},
 * {@code sync_binlog}, {@code log_bin}, {@code read_only}, {@code super_read_only}, {@code
 * innodb_read_only}, {@code wsrep_on}, {@code aurora_version}, {@code basedir}, as {@code SHOW GLOBAL
 * VARIABLES} spells them; {@code superuser}, the privilege on
 * {@code *.*} that makes its user one; {@code nontransactional_tables}, the first few. Empty: none.
 */
@NullMarked
package io.tidegate.engine.mysql;

import org.jspecify.annotations.NullMarked;
