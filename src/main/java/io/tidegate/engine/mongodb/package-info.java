/** Everything about MongoDB: probing it, and running changelogs of database commands on it. */
@NullMarked
package io.tidegate.engine.mongodb;

import org.jspecify.annotations.NullMarked;
