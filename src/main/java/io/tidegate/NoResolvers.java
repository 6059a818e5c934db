package io.tidegate;

import java.io.IOException;
import java.net.URL;
import java.net.spi.InetAddressResolverProvider;
import java.util.Collections;
import java.util.Enumeration;

/**
 * Where the program's threads look for services: on the class path, except for somebody who would
 * look up names in the place of the JDK. There is none; to find that out with the first name would
 * open every library.
 */
final class NoResolvers extends ClassLoader {
  private static final String SERVICE =
      "META-INF/services/" + InetAddressResolverProvider.class.getName();

  private NoResolvers() {
    super(NoResolvers.class.getClassLoader());
  }

  /** Takes over for this thread and those that it starts. */
  static void install() {
    Thread.currentThread().setContextClassLoader(new NoResolvers());
  }

  @Override
  public Enumeration<URL> getResources(String name) throws IOException {
    return name.equals(SERVICE) ? Collections.emptyEnumeration() : super.getResources(name);
  }
}
