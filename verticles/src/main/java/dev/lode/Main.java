package dev.lode;

import dev.lode.cli.Launch;
import dev.lode.cli.Lode;
import dev.lode.cli.Refused;
import dev.lode.cli.Replayer;
import dev.lode.cli.Restorer;
import dev.lode.cli.Terminal;
import dev.lode.codecs.Failure;
import dev.lode.demo.DemoCommand;
import io.vertx.core.Vertx;
import java.time.Clock;
import java.util.function.Consumer;
import java.util.function.Supplier;
import java.util.logging.Level;
import java.util.logging.Logger;

/** The way in: it alone knows everything, and gives each part what it needs. */
public final class Main {

  private Main() {}

  public static void main(String[] args) {
    // Lucene logs this way; everything else through logback.
    Logger.getLogger("").setLevel(Level.WARNING);
    Terminal terminal = Terminal.system();
    Launch launch = settings -> told(() -> launch().start(settings));
    var parts =
        new Lode.Parts(
            launch,
            (order, watcher) -> told(() -> restorer().restore(order, watcher)),
            (order, progress) -> told(() -> replayer().replay(order, progress)),
            Checks.all());
    var lode = Lode.commandLine(parts, terminal);
    lode.addSubcommand(new DemoCommand(launch, terminal, Clock.systemUTC()));
    System.exit(Lode.run(lode, terminal, args));
  }

  /**
   * Commands know nothing of a Failure, but they print what a Refused says to do. What every
   * failure of a code says is for callers of a Lode that runs.
   */
  private static <T> T told(Supplier<T> work) {
    try {
      return work.get();
    } catch (Failure e) {
      String hint = e.hint().equals(e.code().hint()) ? "" : e.hint();
      throw new Refused(Refused.HERE, e.getMessage(), hint);
    }
  }

  /** Starts a whole Lode in this process. */
  public static Launch launch() {
    return launch(vertx -> {});
  }

  /** {@code tap} sees the event bus before anything is on it: bridges, interceptors. */
  public static Launch launch(Consumer<Vertx> tap) {
    return settings -> LodeServer.start(settings, tap);
  }

  /** Makes a second lake in this process. */
  public static Replayer replayer() {
    return new BesideReplay(Clock.systemUTC());
  }

  /** Brings backups back in this process. */
  public static Restorer restorer() {
    return new Restores(Clock.systemUTC());
  }
}
