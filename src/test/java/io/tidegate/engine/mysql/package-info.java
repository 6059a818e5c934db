@NullMarked
package io.tidegate.engine.mysql;

import org.jspecify.annotations.NullMarked;
