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
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** A Lode of its own process, as a person starts it: {@code ./lode up}; it can be killed. */
final class LodeProcess implements AutoCloseable {
  private static final long START_SECONDS = 120;
  private static final String PHASES = "phases";

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
    return of(home, data, conf, List.of("-Xmx1g", "dev.lode.Main"));
  }

  /**
   * A {@link Victim}: it starts as fast as a JVM can.
   *
   * @param aot the JVM's option to write, or to use, a cache of loaded classes
   */
  static LodeProcess victim(Path home, Path data, Path conf, String aot) throws IOException {
    return of(
        home,
        data,
        conf,
        List.of(
            "-Xmx512m",
            "-XX:TieredStopAtLevel=1",
            "-XX:+UseSerialGC",
            aot,
            Victim.class.getName(),
            data.resolve(PHASES).toString()));
  }

  private static LodeProcess of(Path home, Path data, Path conf, List<String> main)
      throws IOException {
    int port;
    try (var socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      port = socket.getLocalPort();
    }
    var java = Path.of(System.getProperty("java.home"), "bin", "java").toString();
    var launcher = new ArrayList<String>();
    launcher.addAll(
        List.of(
            java,
            "--add-modules=jdk.incubator.vector",
            "--enable-native-access=ALL-UNNAMED",
            "-Dlode.home=" + home.toAbsolutePath().normalize(),
            "-cp",
            System.getProperty("java.class.path")));
    launcher.addAll(main);
    return new LodeProcess(launcher, conf, data, port);
  }

  String url() {
    return "http://127.0.0.1:" + port;
  }

  /** Returns when it is ready to serve. */
  void start() throws IOException, InterruptedException {
    spawn();
    awaitReady();
  }

  void spawn() throws IOException {
    Files.createDirectories(data);
    process =
        new ProcessBuilder(
                command(
                    List.of("up", "--port", "" + port, "--data", "" + data, "--conf", "" + conf)))
            .redirectErrorStream(true)
            .redirectOutput(ProcessBuilder.Redirect.appendTo(data.resolve("lode.log").toFile()))
            .start();
  }

  void awaitReady() throws IOException, InterruptedException {
    try (var http = HttpClient.newHttpClient()) {
      var ready =
          HttpRequest.newBuilder(URI.create(url() + "/health/ready"))
              .timeout(Duration.ofSeconds(5))
              .build();
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

  /**
   * SIGKILL to a {@link Victim} in the middle of {@code phase}, or after {@code millisMax} where it
   * comes to none. Answers all that it was at.
   */
  List<String> killAt(String phase, int millisMax) throws IOException, InterruptedException {
    Path phases = data.resolve(PHASES);
    Files.deleteIfExists(phases);
    try (var orders = process.outputWriter()) {
      orders.write(phase + " " + millisMax + "\n");
    }
    long deadline = System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(millisMax + 5_000L);
    while (!Files.exists(phases) && process.isAlive() && System.nanoTime() < deadline) {
      TimeUnit.MILLISECONDS.sleep(1);
    }
    kill();
    return Files.exists(phases) ? List.of(Files.readString(phases).split(" ", -1)) : List.of();
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
    return memory(process.pid());
  }

  static String memory(long pid) throws IOException {
    var lines = new ArrayList<String>();
    for (String line : Files.readAllLines(Path.of("/proc/" + pid + "/status"))) {
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
