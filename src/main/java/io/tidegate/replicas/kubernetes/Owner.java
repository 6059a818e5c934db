package io.tidegate.replicas.kubernetes;

import org.jspecify.annotations.Nullable;

/**
 * A reference from one object to another: to the controller that made it, or to what an autoscaler
 * scales.
 *
 * @param group the API group, without the version; empty: the core one
 */
record Owner(String group, String kind, String name) {

  /**
   * The controller of an object; null: nobody made it but a person.
   *
   * @see <a href="https://kubernetes.io/docs/concepts/overview/working-with-objects/owners-dependents/">
   *     Owners and dependents</a>
   */
  static @Nullable Owner controllerOf(ApiObject object) {
    for (ApiObject reference : object.at("metadata").list("ownerReferences")) {
      if (reference.isTrue("controller")) {
        return of(reference);
      }
    }
    return null;
  }

  /** Of an object with {@code apiVersion}, {@code kind} and {@code name}. */
  static Owner of(ApiObject reference) {
    String version = reference.text("apiVersion");
    int slash = version.indexOf('/');
    return new Owner(
        slash < 0 ? "" : version.substring(0, slash),
        reference.text("kind"),
        reference.text("name"));
  }

  /** Whether it is of this kind; another group may have a kind of the same name. */
  boolean isA(Resource resource) {
    return kind.equals(resource.kind()) && group.equals(resource.group());
  }
}
