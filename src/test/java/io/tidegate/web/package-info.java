/** The endpoints on a real server, asked over real connections. */
@NullMarked
package io.tidegate.web;

import org.jspecify.annotations.NullMarked;
