package dev.lode.load;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** A Lode of its own process, as a person starts it: {@code ./lode up}; it can be killed. */
final class LodeProcess implements AutoCloseable {
  private static final long START_SECONDS = 120;

  private final List<String> launcher;
  private final Path conf;
  private final Path data;
  private final int port;
  private Process process;

  /**
   * {@code home} is the checkout; {@code data} the data directory; both may hold an earlier run.
   */
  LodeProcess(Path home, Path data, int port) {
    this(List.of(home.resolve("lode").toString()), home.resolve("conf"), data, port);
  }

  private LodeProcess(List<String> launcher, Path conf, Path data, int port) {
    this.launcher = launcher;
    this.conf = conf;
    this.data = data;
    this.port = port;
  }

  /** A JVM with this one's classes, on a free port; {@code home} is the checkout. */
  static LodeProcess ofThisClassPath(Path home, Path data) throws IOException {
    return ofThisClassPath(home, data, home.resolve("conf"));
  }

  /** As above, with another {@code conf/}. */
  static LodeProcess ofThisClassPath(Path home, Path data, Path conf) throws IOException {
    int port;
    try (var socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      port = socket.getLocalPort();
    }
    var java = Path.of(System.getProperty("java.home"), "bin", "java").toString();
    return new LodeProcess(
        List.of(
            java,
            "--add-modules=jdk.incubator.vector",
            "--enable-native-access=ALL-UNNAMED",
            "-Xmx1g",
            "-Dlode.home=" + home.toAbsolutePath().normalize(),
            "-cp",
            System.getProperty("java.class.path"),
            "dev.lode.Main"),
        conf,
        data,
        port);
  }

  String url() {
    return "http://127.0.0.1:" + port;
  }

  /** Returns when it is ready to serve. */
  void start() throws IOException, InterruptedException {
    Files.createDirectories(data);
    process =
        new ProcessBuilder(
                command(
                    List.of("up", "--port", "" + port, "--data", "" + data, "--conf", "" + conf)))
            .redirectErrorStream(true)
            .redirectOutput(ProcessBuilder.Redirect.appendTo(data.resolve("lode.log").toFile()))
            .start();
    try (var http = HttpClient.newHttpClient()) {
      var ready = HttpRequest.newBuilder(URI.create(url() + "/health/ready")).build();
      long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(START_SECONDS);
      while (!answers(http, ready)) {
        if (!process.isAlive() || System.nanoTime() > deadline) {
          throw new IOException("Lode did not start; see " + data.resolve("lode.log"));
        }
        TimeUnit.MILLISECONDS.sleep(50);
      }
    }
  }

  private static boolean answers(HttpClient http, HttpRequest request) throws InterruptedException {
    try {
      return http.send(request, BodyHandlers.discarding()).statusCode() == 200;
    } catch (IOException notYet) {
      return false;
    }
  }

  /** SIGKILL, to the JVM itself: the launcher has become it by exec. */
  void kill() throws InterruptedException {
    process.destroyForcibly().waitFor();
  }

  /** SIGTERM; returns when it has ended. What it said is in {@link #log}. */
  void stop() throws InterruptedException {
    process.destroy();
    process.waitFor();
  }

  /** All that it has printed since the first start. */
  String log() throws IOException {
    return Files.readString(data.resolve("lode.log"));
  }

  /** Resident memory in MB now, and the most it ever was. */
  String memory() throws IOException {
    var lines = new ArrayList<String>();
    for (String line : Files.readAllLines(Path.of("/proc/" + process.pid() + "/status"))) {
      if (line.startsWith("VmRSS") || line.startsWith("VmHWM")) {
        lines.add(line.replaceAll("\\s+", " "));
      }
    }
    return String.join(", ", lines);
  }

  /** Runs a client command of {@code ./lode} against this server; its output goes to ours. */
  int client(List<String> arguments) throws IOException, InterruptedException {
    return clientProcess(arguments).waitFor();
  }

  Process clientProcess(List<String> arguments) throws IOException {
    var command = command(arguments);
    command.addAll(List.of("--url", url()));
    return new ProcessBuilder(command).inheritIO().start();
  }

  private List<String> command(List<String> arguments) {
    var command = new ArrayList<>(launcher);
    command.addAll(arguments);
    return command;
  }

  @Override
  public void close() {
    if (process != null) {
      process.destroy();
      process.onExit().completeOnTimeout(process, 30, TimeUnit.SECONDS).join();
      process.destroyForcibly();
    }
  }
}
