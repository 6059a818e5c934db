/** Takes an app's configuration files apart into settings, whatever their format. */
@NullMarked
package io.tidegate.manifest.appfile;

import org.jspecify.annotations.NullMarked;
