package dev.lode.cli;

import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;
import java.util.List;

/** Runs command lines as the launcher does, and keeps what they print. */
final class Shell {
  private final ByteArrayOutputStream out = new ByteArrayOutputStream();
  private final ByteArrayOutputStream err = new ByteArrayOutputStream();
  private final Restorer restorer;
  private final Replayer replayer;
  private final List<Checker> checkers;

  Shell(Checker... checkers) {
    this(
        (order, watcher) -> {
          throw new IllegalStateException("Cannot restore from " + order.from());
        },
        checkers);
  }

  Shell(Restorer restorer, Checker... checkers) {
    this(
        restorer,
        (order, progress) -> {
          throw new IllegalStateException("Cannot replay into " + order.beside());
        },
        checkers);
  }

  Shell(Restorer restorer, Replayer replayer, Checker... checkers) {
    this.restorer = restorer;
    this.replayer = replayer;
    this.checkers = List.of(checkers);
  }

  int run(String... args) {
    var terminal = new Terminal(print(out), print(err), false, 100);
    var lode =
        Lode.commandLine(
            new Lode.Parts(
                settings -> {
                  throw new IllegalStateException("Cannot start with " + settings.data());
                },
                restorer,
                replayer,
                checkers),
            terminal);
    lode.setErr(new PrintWriter(print(err), true, StandardCharsets.UTF_8));
    lode.setOut(new PrintWriter(print(out), true, StandardCharsets.UTF_8));
    return Lode.run(lode, terminal, args);
  }

  private static PrintStream print(ByteArrayOutputStream to) {
    return new PrintStream(to, true, StandardCharsets.UTF_8);
  }

  String out() {
    return out.toString(StandardCharsets.UTF_8);
  }

  String err() {
    return err.toString(StandardCharsets.UTF_8);
  }
}
