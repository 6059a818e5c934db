/** PostgreSQL and what speaks its protocol. */
@NullMarked
package io.tidegate.engine.postgres;

import org.jspecify.annotations.NullMarked;
