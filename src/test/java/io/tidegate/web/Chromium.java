package io.tidegate.web;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.BufferedReader;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.net.http.WebSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * A headless Chromium with one page, driven by its own protocol: <a
 * href="https://chromedevtools.github.io/devtools-protocol/">Chrome DevTools Protocol</a>.
 */
final class Chromium implements AutoCloseable {
  private static final JsonMapper JSON = new JsonMapper();
  private static final String LISTENS = "DevTools listening on ";
  private static final int ANSWER_SECONDS = 60;

  private final Process process;
  private final HttpClient client = HttpClient.newHttpClient();
  private final WebSocket socket;
  private final BlockingQueue<JsonNode> answers = new LinkedBlockingQueue<>();
  private final BlockingQueue<String> loaded = new LinkedBlockingQueue<>();
  private final List<String> complaints = new CopyOnWriteArrayList<>();
  private int last;

  /** Starts the program, which keeps its profile in an empty folder. */
  Chromium(Path program, Path profile) throws IOException, InterruptedException {
    process =
        new ProcessBuilder(
                program.toString(),
                "--headless=new",
                "--remote-debugging-port=0",
                "--user-data-dir=" + profile,
                // Root may not use the sandbox; the pages are those of the test.
                "--no-sandbox",
                "--disable-gpu",
                "--disable-dev-shm-usage",
                "--no-first-run",
                "about:blank")
            .redirectErrorStream(true)
            .start();
    socket = client.newWebSocketBuilder().buildAsync(page(browser()), new Listener()).join();
    send("Page.enable", Map.of());
    send("Runtime.enable", Map.of());
    send("Log.enable", Map.of());
  }

  /** Where the browser listens. The rest of what it prints is read and dropped. */
  private URI browser() throws IOException {
    BufferedReader output = process.inputReader();
    String line = output.readLine();
    while (line != null && !line.startsWith(LISTENS)) {
      line = output.readLine();
    }
    assertThat(line).as("Chromium starts").isNotNull();
    Thread.ofVirtual().start(() -> output.lines().forEach(ignored -> {}));
    return URI.create(line.substring(LISTENS.length()));
  }

  private URI page(URI browser) throws IOException, InterruptedException {
    URI list = URI.create("http://127.0.0.1:" + browser.getPort() + "/json/list");
    String targets =
        client.send(HttpRequest.newBuilder(list).build(), BodyHandlers.ofString()).body();
    for (JsonNode target : JSON.readTree(targets)) {
      if (target.path("type").asString().equals("page")) {
        return URI.create(target.path("webSocketDebuggerUrl").asString());
      }
    }
    throw new IllegalStateException("Chromium has no page: " + targets);
  }

  /** Sends a command and gives its result. */
  JsonNode send(String method, Map<String, ?> parameters) throws InterruptedException {
    int id = ++last;
    String command =
        JSON.writeValueAsString(Map.of("id", id, "method", method, "params", parameters));
    socket.sendText(command, true).join();
    JsonNode answer = answers.poll(ANSWER_SECONDS, TimeUnit.SECONDS);
    assertThat(answer).as(method).isNotNull();
    assertThat(answer.path("id").asInt()).isEqualTo(id);
    assertThat(answer.has("error")).as("%s: %s", method, answer).isFalse();
    return answer.path("result");
  }

  /** Opens a page and returns when it is loaded. */
  void open(URI uri) throws InterruptedException {
    loaded.clear();
    send("Page.navigate", Map.of("url", uri.toString()));
    assertThat(loaded.poll(ANSWER_SECONDS, TimeUnit.SECONDS)).as("%s is loaded", uri).isNotNull();
  }

  /** The value of an expression in JavaScript, awaited where it is a promise. */
  JsonNode value(String expression) throws InterruptedException {
    JsonNode result =
        send(
            "Runtime.evaluate",
            Map.of("expression", expression, "returnByValue", true, "awaitPromise", true));
    assertThat(result.has("exceptionDetails")).as(result.toString()).isFalse();
    return result.path("result").path("value");
  }

  String text(String expression) throws InterruptedException {
    return value(expression).asString();
  }

  /** The width of the window in pixels, and whether the user prefers dark. */
  void look(int width, boolean dark) throws InterruptedException {
    send(
        "Emulation.setDeviceMetricsOverride",
        Map.of("width", width, "height", 800, "deviceScaleFactor", 1, "mobile", width < 600));
    send(
        "Emulation.setEmulatedMedia",
        Map.of(
            "features",
            List.of(Map.of("name", "prefers-color-scheme", "value", dark ? "dark" : "light"))));
  }

  void press(String key) throws InterruptedException {
    for (String type : List.of("rawKeyDown", "keyUp")) {
      send(
          "Input.dispatchKeyEvent",
          Map.of("type", type, "key", key, "code", key, "windowsVirtualKeyCode", 9));
    }
  }

  /** A picture of the whole page as PNG. */
  void picture(Path file) throws IOException, InterruptedException {
    JsonNode data =
        send("Page.captureScreenshot", Map.of("captureBeyondViewport", true)).path("data");
    Files.write(file, Base64.getDecoder().decode(data.asString()));
  }

  /** What the console has shown since the last call: errors, warnings and breaches of the policy. */
  List<String> complaints() {
    List<String> all = List.copyOf(complaints);
    complaints.clear();
    return all;
  }

  @Override
  public void close() {
    socket.abort();
    client.close();
    process.destroy();
    try {
      if (!process.waitFor(20, TimeUnit.SECONDS)) {
        process.destroyForcibly();
      }
    } catch (InterruptedException e) {
      process.destroyForcibly();
      Thread.currentThread().interrupt();
    }
  }

  /** Puts the parts of a message together, and answers apart from events. */
  private final class Listener implements WebSocket.Listener {
    private final StringBuilder message = new StringBuilder();

    @Override
    public CompletionStage<?> onText(WebSocket webSocket, CharSequence data, boolean whole) {
      message.append(data);
      if (whole) {
        JsonNode told = JSON.readTree(message.toString());
        message.setLength(0);
        if (told.has("id")) {
          answers.add(told);
        } else {
          event(told.path("method").asString(), told.path("params"));
        }
      }
      return WebSocket.Listener.super.onText(webSocket, data, whole);
    }

    private void event(String method, JsonNode parameters) {
      switch (method) {
        case "Page.loadEventFired" -> loaded.add(method);
        case "Log.entryAdded", "Runtime.exceptionThrown" -> complaints.add(parameters.toString());
        default -> {}
      }
    }
  }
}
