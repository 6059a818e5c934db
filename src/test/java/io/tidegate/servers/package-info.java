/**
 * Real servers for tests and for the demonstration, from Maven artifacts: started as processes of
 * their own on free loopback ports, and stopped by process id.
 */
@NullMarked
package io.tidegate.servers;

import org.jspecify.annotations.NullMarked;
