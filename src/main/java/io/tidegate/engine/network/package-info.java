/** What the engines of network services share: attempts that end in time, TLS files, faults. */
@NullMarked
package io.tidegate.engine.network;

import org.jspecify.annotations.NullMarked;
