package io.tidegate;

/** Entry point. */
public final class Tidegate {
  private Tidegate() {}

  public static void main(String[] args) {
    System.out.println("hello " + args.length);
  }
}
