/** MySQL and MariaDB, on real servers. */
@NullMarked
package io.tidegate.engine.mysql;

import org.jspecify.annotations.NullMarked;
