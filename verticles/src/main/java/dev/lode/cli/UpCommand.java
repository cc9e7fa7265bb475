package dev.lode.cli;

import static java.util.Objects.requireNonNull;

import java.nio.file.Path;
import java.util.OptionalInt;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** Serves until it is stopped. */
@Command(
    name = "up",
    mixinStandardHelpOptions = true,
    description = "Start Lode and serve until Ctrl-C.",
    footer = {
      "",
      "Examples:",
      "  ./lode up",
      "  ./lode up --port 9000 --data /var/lib/lode --conf /etc/lode"
    })
final class UpCommand implements Callable<Integer> {
  @Option(
      names = "--port",
      paramLabel = "N",
      description = "Instead of http.port in lode.yaml; 0 for any free one.")
  private Integer port;

  @Option(
      names = "--data",
      paramLabel = "DIR",
      defaultValue = "${env:LODE_DATA:-" + Option.NULL_VALUE + "}",
      description = "Where everything is kept (default: $LODE_DATA, or data/ beside the launcher).")
  private Path data;

  @Option(
      names = "--conf",
      paramLabel = "DIR",
      description = "lode.yaml, contracts/, marts/, vectors/, features/ (default: conf/).")
  private Path conf;

  private final Launch launch;
  private final Terminal terminal;

  UpCommand(Launch launch, Terminal terminal) {
    this.launch = requireNonNull(launch, "launch is null");
    this.terminal = requireNonNull(terminal, "terminal is null");
  }

  @Override
  public Integer call() throws InterruptedException {
    long began = System.nanoTime();
    var stop = new CountDownLatch(1);
    var server = launch.start(settings());
    stopOnSignal(server, stop);
    terminal.out().printf("Lode is ready after %.1f s%n", (System.nanoTime() - began) / 1e9);
    Addresses.print(terminal, server.port());
    stop.await();
    return 0;
  }

  private Settings settings() {
    Path from = conf == null ? Home.path().resolve("conf") : conf;
    Path to = data == null ? Home.path().resolve("data") : data;
    return new Settings(
        to,
        from.resolve("lode.yaml"),
        from,
        port == null ? OptionalInt.empty() : OptionalInt.of(port));
  }

  private static void stopOnSignal(Server server, CountDownLatch stop) {
    Runtime.getRuntime()
        .addShutdownHook(
            Thread.ofPlatform()
                .unstarted(
                    () -> {
                      server.close();
                      stop.countDown();
                    }));
  }
}
