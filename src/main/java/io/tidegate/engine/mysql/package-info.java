/**
 * MySQL and MariaDB, both by MariaDB Connector/J. Facts: {@code version}, {@code
 * innodb_flush_log_at_trx_commit}, {@code sync_binlog}, {@code read_only}, {@code super_read_only},
 * {@code innodb_read_only}, {@code wsrep_on}, as {@code SHOW GLOBAL VARIABLES} spells them.
 */
@NullMarked
package io.tidegate.engine.mysql;

import org.jspecify.annotations.NullMarked;
