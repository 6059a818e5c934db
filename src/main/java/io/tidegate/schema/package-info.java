/** Whether a schema that another migration tool keeps has reached what the app needs. */
@NullMarked
package io.tidegate.schema;

import org.jspecify.annotations.NullMarked;
