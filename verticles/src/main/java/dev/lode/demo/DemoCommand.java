package dev.lode.demo;

import static java.util.Objects.requireNonNull;

import dev.lode.cli.Addresses;
import dev.lode.cli.Amounts;
import dev.lode.cli.Client;
import dev.lode.cli.Home;
import dev.lode.cli.Launch;
import dev.lode.cli.Terminal;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.time.Clock;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** The tour of Lode on generated business data. */
@Command(
    name = "demo",
    mixinStandardHelpOptions = true,
    description = {
      "Show the whole way of a record on generated business data, then keep serving.",
      "Everything lives in a scratch folder that is deleted at the end; no network is needed."
    },
    footer = {"", "Examples:", "  ./lode demo", "  ./lode demo --once"})
public final class DemoCommand implements Callable<Integer> {
  private static final int USUAL_PORT = 8420;

  @Option(names = "--once", description = "End after the tour: exit 0 when all of it came true.")
  private boolean once;

  @Option(
      names = "--port",
      paramLabel = "N",
      description = "Where to serve (default: 8420, or any free one where that is taken).")
  private Integer port;

  private final Launch launch;
  private final Terminal terminal;
  private final Clock clock;

  public DemoCommand(Launch launch, Terminal terminal, Clock clock) {
    this.launch = requireNonNull(launch, "launch is null");
    this.terminal = requireNonNull(terminal, "terminal is null");
    this.clock = requireNonNull(clock, "clock is null");
  }

  @Override
  public Integer call() throws InterruptedException {
    var workshop = new Workshop(launch, Home.path().resolve("conf"), port());
    var end = new CountDownLatch(1);
    Runtime.getRuntime()
        .addShutdownHook(
            Thread.ofPlatform()
                .unstarted(
                    () -> {
                      end.countDown();
                      workshop.close();
                    }));
    var stage = new Stage(terminal);
    int at = stage.timed("Lode is ready, in " + workshop.scratch(), workshop::start);
    tour(stage, workshop, at);
    if (once) {
      workshop.close();
    } else {
      goodbye(at);
      end.await();
    }
    return stage.failures() == 0 ? 0 : 1;
  }

  private void tour(Stage stage, Workshop workshop, int at) {
    long began = System.nanoTime();
    try (var client = new Client(new Client.Target("http://127.0.0.1:" + at, null, null))) {
      var api = new Api(client);
      var shop = Shop.open(clock);
      List<Part> parts =
          List.of(
              new FlowPart(api, shop),
              new VectorsPart(api, shop),
              new FeaturesPart(api, shop),
              new LayersPart(api, shop, workshop),
              new ToolsPart(api, shop),
              new TrainingPart(api, shop));
      for (int i = 0; i < parts.size(); i++) {
        stage.part(i + 1, parts.get(i).title());
        parts.get(i).show(stage);
      }
    }
    sum(stage, (System.nanoTime() - began) / 1_000_000);
  }

  private void sum(Stage stage, long millis) {
    String checks =
        "%d checks, %d failed, in %s"
            .formatted(stage.checks(), stage.failures(), Amounts.time(millis));
    terminal.out().println();
    terminal.out().println(stage.failures() == 0 ? terminal.green(checks) : terminal.red(checks));
  }

  private void goodbye(int at) {
    String url = at == USUAL_PORT ? "" : " --url http://127.0.0.1:" + at;
    var out = terminal.out();
    out.println();
    out.println(terminal.bold("It keeps serving. Open:"));
    Addresses.print(terminal, at);
    out.println(terminal.bold("Try in another terminal:"));
    out.println(
        "  ./lode sql"
            + url
            + " \"SELECT * FROM gold.customer_360 ORDER BY total_spent DESC LIMIT 5\"");
    out.println("  ./lode trace" + url + " --table silver.invoice --key invoice_id=INV-9001");
    out.println(
        "  ./lode call"
            + url
            + " vector_search '{\"namespace\": \"support_notes\", \"query\": \"late\"}'");
    out.println(terminal.dim("Ctrl-C ends it, and deletes the scratch folder."));
    out.flush();
  }

  private int port() {
    if (port != null) {
      return port;
    }
    try (var probe = new ServerSocket(USUAL_PORT, 1, InetAddress.getLoopbackAddress())) {
      return probe.getLocalPort();
    } catch (IOException taken) {
      return 0;
    }
  }
}
