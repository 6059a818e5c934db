/** What the engines that speak JDBC have in common: opening, one pool of one, and words for faults. */
@NullMarked
package io.tidegate.engine.jdbc;

import org.jspecify.annotations.NullMarked;
