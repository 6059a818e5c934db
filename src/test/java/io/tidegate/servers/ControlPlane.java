package io.tidegate.servers;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.PrivateKey;
import java.security.PublicKey;
import java.security.Signature;
import java.time.Duration;
import java.time.Instant;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.awaitility.Awaitility;

/**
 * A real control plane of Kubernetes on loopback ports: etcd, API server, controller manager and
 * scheduler, as {@code .ci/control-plane/build} makes them. It has no kubelet, so pods are admitted
 * and counted, and never run.
 */
public final class ControlPlane implements AutoCloseable {
  private static final String ISSUER = "https://kubernetes.default.svc";

  private final Path programs;
  private final Path kubeconfig;
  private final KeyPair accounts = keys();
  private final Part etcd;
  private final Part api;
  private final Part controllers;
  private final Part scheduler;

  /** Takes the folder of the programs, and starts. */
  public ControlPlane(Path programs) {
    this.programs = programs.toAbsolutePath();
    etcd = new Part("etcd");
    api = new Part("kube-apiserver");
    controllers = new Part("kube-controller-manager");
    scheduler = new Part("kube-scheduler");
    kubeconfig = api.folder().resolve("kubeconfig");
    configure();
    Stream.of(etcd, api, controllers, scheduler).forEach(ServerProcess::start);
  }

  /** The API server, which can be stopped, paused and started again. */
  public ServerProcess api() {
    return api;
  }

  /** Waits until the API server that was started again answers as it should. */
  public void awaitApi() {
    Awaitility.await().atMost(Duration.ofMinutes(2)).until(api::answers);
  }

  /** The kubeconfig of a user who may do everything. */
  public Path kubeconfig() {
    return kubeconfig;
  }

  /** Runs kubectl to its end, which must be a good one, and gives what it wrote. */
  public String kubectl(String... arguments) {
    return Program.run(
        Map.of("KUBECONFIG", kubeconfig.toString()),
        null,
        Stream.concat(Stream.of(programs.resolve("kubectl").toString()), Stream.of(arguments))
            .toArray(String[]::new));
  }

  /** Applies a manifest on the server, which refuses unknown fields. */
  public void apply(String manifest) {
    try {
      Path file = Files.createTempFile(api.folder(), "manifest", ".yaml");
      Files.writeString(file, manifest);
      apply("-f", file.toString());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Applies what {@code -f} or {@code -k} names. */
  public void apply(String option, String place) {
    kubectl("apply", "--server-side", "--force-conflicts", "--validate=strict", option, place);
  }

  /** A token of a service account as this server issues them, until then. */
  public String token(String namespace, String account, Instant until) {
    return token(accounts.getPrivate(), namespace, account, until);
  }

  /** The same, signed by another cluster. */
  public String foreignToken(String namespace, String account, Instant until) {
    return token(keys().getPrivate(), namespace, account, until);
  }

  private String token(PrivateKey key, String namespace, String account, Instant until) {
    String uid =
        kubectl(
            "get", "serviceaccount", account, "-n", namespace, "-o", "jsonpath={.metadata.uid}");
    String claims =
        """
        {"iss": "%s", "aud": ["%s"], "sub": "system:serviceaccount:%s:%s", "iat": 1, "nbf": 1, "exp": %d,
         "kubernetes.io": {"namespace": "%s", "serviceaccount": {"name": "%s", "uid": "%s"}}}
        """
            .formatted(
                ISSUER,
                ISSUER,
                namespace,
                account,
                until.getEpochSecond(),
                namespace,
                account,
                uid);
    try {
      String signed = base64(utf8("{\"alg\": \"RS256\"}")) + "." + base64(utf8(claims));
      Signature signature = Signature.getInstance("SHA256withRSA");
      signature.initSign(key);
      signature.update(utf8(signed));
      return signed + "." + base64(signature.sign());
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException(e);
    }
  }

  private static byte[] utf8(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }

  private static String base64(byte[] bytes) {
    return Base64.getUrlEncoder().withoutPadding().encodeToString(bytes);
  }

  private static KeyPair keys() {
    try {
      KeyPairGenerator generator = KeyPairGenerator.getInstance("RSA");
      generator.initialize(2048);
      return generator.generateKeyPair();
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException(e);
    }
  }

  private void configure() {
    try {
      Path folder = api.folder();
      PublicKey key = accounts.getPublic();
      Files.writeString(folder.resolve("accounts.pub"), pem("PUBLIC KEY", key.getEncoded()));
      Files.writeString(
          folder.resolve("accounts.key"), pem("PRIVATE KEY", accounts.getPrivate().getEncoded()));
      Files.writeString(folder.resolve("tokens.csv"), "admin,admin,1,system:masters\n");
      Files.writeString(
          kubeconfig,
          """
          {apiVersion: v1, kind: Config, current-context: here,
           clusters: [{name: here, cluster: {server: "https://127.0.0.1:%d", certificate-authority: %s}}],
           users: [{name: admin, user: {token: admin}}],
           contexts: [{name: here, context: {cluster: here, user: admin}}]}
          """
              .formatted(api.port(), TestCertificates.get().ca()));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static String pem(String what, byte[] bytes) {
    return "-----BEGIN %s-----%n%s%n-----END %s-----%n"
        .formatted(what, Base64.getMimeEncoder().encodeToString(bytes), what);
  }

  @Override
  public void close() {
    Stream.of(scheduler, controllers, api, etcd).forEach(ServerProcess::close);
  }

  /** One of the programs. */
  private final class Part extends ServerProcess {
    private final String name;
    private final int peers = Ports.free();

    Part(String name) {
      super(name);
      this.name = name;
    }

    @Override
    List<String> command() {
      return Stream.concat(Stream.of(programs.resolve(name).toString()), arguments()).toList();
    }

    private Stream<String> arguments() {
      Path own = api.folder();
      TestCertificates tls = TestCertificates.get();
      String url = "http://127.0.0.1:%d".formatted(etcd.port());
      return switch (name) {
        case "etcd" ->
            Stream.of(
                "--data-dir=" + folder().resolve("data"),
                "--unsafe-no-fsync",
                "--listen-client-urls=" + url,
                "--advertise-client-urls=" + url,
                "--listen-peer-urls=http://127.0.0.1:" + peers,
                "--initial-advertise-peer-urls=http://127.0.0.1:" + peers,
                "--initial-cluster=default=http://127.0.0.1:" + peers);
        case "kube-apiserver" ->
            Stream.of(
                "--etcd-servers=" + url,
                "--bind-address=127.0.0.1",
                "--secure-port=" + port(),
                // A loopback address is refused; nobody looks for it there.
                "--advertise-address=192.0.2.1",
                "--endpoint-reconciler-type=none",
                "--service-cluster-ip-range=10.96.0.0/16",
                "--authorization-mode=RBAC",
                "--tls-cert-file=" + tls.server(),
                "--tls-private-key-file=" + tls.serverKey(),
                "--token-auth-file=" + own.resolve("tokens.csv"),
                "--service-account-issuer=" + ISSUER,
                "--service-account-key-file=" + own.resolve("accounts.pub"),
                "--service-account-signing-key-file=" + own.resolve("accounts.key"));
        case "kube-controller-manager" ->
            Stream.of(
                "--kubeconfig=" + kubeconfig,
                "--leader-elect=false",
                "--bind-address=127.0.0.1",
                "--secure-port=" + port(),
                "--cert-dir=" + folder(),
                "--service-account-private-key-file=" + own.resolve("accounts.key"),
                "--root-ca-file=" + tls.ca());
        default ->
            Stream.of(
                "--kubeconfig=" + kubeconfig,
                "--leader-elect=false",
                "--bind-address=127.0.0.1",
                "--secure-port=" + port(),
                "--cert-dir=" + folder());
      };
    }

    @Override
    boolean answers() {
      if (this != api) {
        try {
          connect(1000).close();
          return true;
        } catch (IOException e) {
          return false;
        }
      }
      try {
        return kubectl("get", "--raw", "/readyz").equals("ok");
      } catch (AssertionError e) {
        return false;
      }
    }
  }
}
