package io.tidegate.cli;

import io.micronaut.inject.BeanDefinitionReference;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.reflect.Constructor;
import java.lang.reflect.ParameterizedType;
import java.lang.reflect.Type;
import java.net.URISyntaxException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.jar.JarFile;
import java.util.stream.Stream;

/**
 * The product's own beans, without those of the HTTP server: each class that says {@code
 * @Singleton}, made once, when it is first asked for, by its shortest constructor. They are found in the index that Micronaut's
 * compiler writes where these classes lie. Micronaut's own context would find them too, and first look
 * through every library for converters that no bean here needs: that is longer than all the rest of a start. Not for several
 * threads.
 */
public final class OwnBeans {
  private static final String INDEX =
      "META-INF/micronaut/" + BeanDefinitionReference.class.getName() + "/";

  /** A definition is named after its class: {@code io.tidegate.guard.$Guard$Definition}. */
  private static final String DEFINITION = "$Definition";

  /** What only a server needs, which has a context of its own. */
  private static final List<String> SERVED = List.of("io.tidegate.http.", "io.tidegate.metrics.");

  private final List<Class<?>> types;
  private final Map<Class<?>, Object> made = new HashMap<>();

  /** Finds them; none is made yet. */
  public OwnBeans() {
    try {
      Path home =
          Path.of(OwnBeans.class.getProtectionDomain().getCodeSource().getLocation().toURI());
      types = new ArrayList<>();
      for (String definition : definitions(home)) {
        if (SERVED.stream().noneMatch(definition::startsWith)) {
          types.add(type(definition));
        }
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (URISyntaxException | ClassNotFoundException e) {
      throw new IllegalStateException("the program's own classes are incomplete", e);
    }
  }

  /** Adds a bean that is made elsewhere. */
  public void add(Object bean) {
    types.add(bean.getClass());
    made.put(bean.getClass(), bean);
  }

  /**
   * The one bean of a type.
   *
   * @throws IllegalStateException if there is none, or another
   */
  public <T> T one(Class<T> type) {
    List<T> all = all(type);
    if (all.size() != 1) {
      throw new IllegalStateException(all.size() + " beans are a " + type.getName());
    }
    return all.getFirst();
  }

  /** All beans of a type, in no order that means something. */
  public <T> List<T> all(Class<T> type) {
    List<T> all = new ArrayList<>();
    for (Class<?> each : types) {
      if (type.isAssignableFrom(each)) {
        all.add(type.cast(bean(each)));
      }
    }
    return all;
  }

  private Object bean(Class<?> type) {
    Object bean = made.get(type);
    if (bean == null) {
      bean = make(type);
      made.put(type, bean);
    }
    return bean;
  }

  private Object make(Class<?> type) {
    Constructor<?> constructor = constructor(type);
    Type[] wanted = constructor.getGenericParameterTypes();
    Object[] arguments = new Object[wanted.length];
    for (int i = 0; i < wanted.length; i++) {
      arguments[i] =
          wanted[i] instanceof ParameterizedType collection
              ? all((Class<?>) collection.getActualTypeArguments()[0])
              : one((Class<?>) wanted[i]);
    }
    try {
      constructor.setAccessible(true);
      return constructor.newInstance(arguments);
    } catch (ReflectiveOperationException e) {
      throw new IllegalStateException("the bean " + type.getName() + " cannot be made", e);
    }
  }

  /** The shortest: a longer one is for tests, which say more. */
  private static Constructor<?> constructor(Class<?> type) {
    return Stream.of(type.getDeclaredConstructors())
        .min((one, other) -> Integer.compare(one.getParameterCount(), other.getParameterCount()))
        .orElseThrow(() -> new IllegalStateException("no constructor of " + type.getName()));
  }

  private static Class<?> type(String definition) throws ClassNotFoundException {
    String named = definition.substring(0, definition.length() - DEFINITION.length());
    int simple = named.lastIndexOf('.') + 1;
    return Class.forName(
        named.substring(0, simple) + named.substring(simple + 1),
        false,
        OwnBeans.class.getClassLoader());
  }

  private static List<String> definitions(Path home) throws IOException {
    if (Files.isDirectory(home)) {
      try (Stream<Path> files = Files.list(home.resolve(INDEX))) {
        return files.map(file -> file.getFileName().toString()).toList();
      }
    }
    try (JarFile jar = new JarFile(home.toFile())) {
      return jar.stream()
          .map(entry -> entry.getName())
          .filter(name -> name.startsWith(INDEX) && name.endsWith(DEFINITION))
          .map(name -> name.substring(INDEX.length()))
          .toList();
    }
  }
}
