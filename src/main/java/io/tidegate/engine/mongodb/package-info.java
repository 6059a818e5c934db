/**
 * Everything about MongoDB: probing it, and running changelogs of database commands on it. Facts:
 * {@code version}; {@code setName}, {@code msg}, {@code isWritablePrimary} and the number of
 * {@code members} from hello; {@code
 * defaultWriteConcern}, its {@code w}; {@code storage.engine} and {@code storage.journal.enabled} as
 * declared at its start; {@code authenticatedUserRoles}, {@code role@database} with commas. Empty: the
 * server has none.
 */
@NullMarked
package io.tidegate.engine.mongodb;

import org.jspecify.annotations.NullMarked;
