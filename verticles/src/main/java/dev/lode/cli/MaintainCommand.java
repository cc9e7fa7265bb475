package dev.lode.cli;

import static java.util.Objects.requireNonNull;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.Map;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Parameters;

/** Compacts and cleans up now. */
@Command(
    name = "maintain",
    mixinStandardHelpOptions = true,
    description = {
      "Compact files, forget snapshots and remove what nothing reaches, now rather than when",
      "enough has come together. No row changes; what a reader or a backup still needs stays."
    },
    footer = {"", "Examples:", "  ./lode maintain", "  ./lode maintain system.quality_results"})
final class MaintainCommand implements Callable<Integer> {
  @Parameters(arity = "0..1", paramLabel = "TABLE", description = "Default: every table.")
  private String table;

  @Mixin private ClientOptions options;

  private final Terminal terminal;

  MaintainCommand(Terminal terminal) {
    this.terminal = requireNonNull(terminal, "terminal is null");
  }

  @Override
  public Integer call() {
    return options.with(
        client -> {
          JsonNode answer =
              client.post("/v1/maintain", table == null ? Map.of() : Map.of("table", table));
          if (options.isJson()) {
            ClientOptions.print(terminal, answer);
          } else {
            answer.path("tables").forEach(this::print);
          }
          return 0;
        });
  }

  private void print(JsonNode done) {
    terminal
        .out()
        .printf(
            "%s: %s files compacted, %s snapshots forgotten, %s files removed, %s waiting%n",
            done.path("table").asText(),
            count(done, "files_compacted"),
            count(done, "snapshots_expired"),
            count(done, "files_removed"),
            count(done, "files_waiting"));
  }

  private static String count(JsonNode node, String field) {
    return Amounts.count(node.path(field).asLong());
  }
}
