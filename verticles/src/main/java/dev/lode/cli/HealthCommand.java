package dev.lode.cli;

import static java.util.Objects.requireNonNull;

import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

/** Readiness as an exit code, for supervisors without an HTTP client. */
@Command(
    name = "health",
    mixinStandardHelpOptions = true,
    description = "Exit 0 when a running Lode is ready, else 1 and say which part is not.",
    footer = {"", "Example:", "  ./lode health"})
final class HealthCommand implements Callable<Integer> {
  @Mixin private ClientOptions options;

  private final Terminal terminal;

  HealthCommand(Terminal terminal) {
    this.terminal = requireNonNull(terminal, "terminal is null");
  }

  @Override
  public Integer call() {
    return options.with(
        client -> {
          var answer = client.get("/health/ready");
          if (options.isJson()) {
            ClientOptions.print(terminal, answer);
          } else {
            terminal.out().println("ready");
          }
          return 0;
        });
  }
}
