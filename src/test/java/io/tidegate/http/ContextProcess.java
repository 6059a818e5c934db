package io.tidegate.http;

import io.micronaut.context.ApplicationContext;
import io.tidegate.agent.Bulletin;
import io.tidegate.cli.OwnBeans;
import io.tidegate.cli.SealedContext;
import io.tidegate.engine.EngineCatalog;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;

/** The program that {@link SealedContextTest} starts. */
final class ContextProcess {
  private ContextProcess() {}

  public static void main(String[] args) throws Exception {
    long began = System.nanoTime();
    if (args[0].equals("context")) {
      OwnBeans beans = new OwnBeans();
      beans.one(EngineCatalog.class);
      System.out.println("beans ok");
      took(began, "context");
      return;
    }
    try (ApplicationContext context =
        SealedContext.serving(HttpServer.properties(Running.FREE_PORT))
            .singletons((Bulletin) Told.watching())
            .build()
            .start()) {
      took(began, "context");
      try (HttpServer server = HttpServer.start(context, Running.FREE_PORT);
          HttpClient client = HttpClient.newHttpClient()) {
        took(began, "server");
        System.out.println("listens on port " + server.port());
        for (String path : new String[] {"/ready", "/status", "/metrics"}) {
          URI uri = URI.create("http://127.0.0.1:" + server.port() + path);
          int code =
              client
                  .send(HttpRequest.newBuilder(uri).build(), HttpResponse.BodyHandlers.discarding())
                  .statusCode();
          took(began, path + " " + code);
        }
      }
    }
  }

  private static void took(long began, String what) {
    System.out.println(what + " after " + (System.nanoTime() - began) / 1_000_000 + " ms");
  }
}
