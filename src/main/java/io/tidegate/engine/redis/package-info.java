/**
 * Redis and Valkey: one server, Sentinel, Cluster.
 *
 * <p>Facts are asked of CONFIG ({@code save}, {@code appendonly}, {@code appendfsync}, {@code
 * maxmemory}, {@code maxmemory-policy}) and of INFO ({@code aof_enabled}, {@code
 * rdb_last_bgsave_status}, {@code rdb_bgsave_in_progress}, {@code aof_last_write_status}, {@code
 * role}, {@code connected_slaves}, {@code redis_version}), by these names. CONFIG is a server's own:
 * of Sentinel and Cluster every primary is asked, and each fact has the prefix {@code
 * node.<host:port>.}, as in {@code node.10.0.0.7:6379.appendonly}.
 */
@NullMarked
package io.tidegate.engine.redis;

import org.jspecify.annotations.NullMarked;
