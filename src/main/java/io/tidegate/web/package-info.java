/** The endpoints: they read one immutable snapshot and never probe. */
@NullMarked
package io.tidegate.web;

import org.jspecify.annotations.NullMarked;
