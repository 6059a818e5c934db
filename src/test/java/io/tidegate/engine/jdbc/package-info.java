/** Tests of what the engines over JDBC share. */
@NullMarked
package io.tidegate.engine.jdbc;

import org.jspecify.annotations.NullMarked;
