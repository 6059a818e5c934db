/** MongoDB, on a server of its wire protocol and, for states that it has not, on scripted replies. */
@NullMarked
package io.tidegate.engine.mongodb;

import org.jspecify.annotations.NullMarked;
