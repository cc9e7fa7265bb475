package dev.lode.cli;

import static java.util.Objects.requireNonNull;

import com.fasterxml.jackson.databind.JsonNode;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** Runs a contract again over what Bronze holds. */
@Command(
    name = "replay",
    mixinStandardHelpOptions = true,
    description = {
      "Run an entity's contract again over what Bronze holds, after the contract was mended.",
      "No record is doubled."
    },
    footer = {
      "",
      "Examples:",
      "  ./lode replay --entity invoice_line --quarantine",
      "  ./lode replay --entity invoice_line --since 2026-01-31T00:00:00Z"
    })
final class ReplayCommand implements Callable<Integer> {
  @Option(names = "--entity", required = true, paramLabel = "E", description = "The contract's.")
  private String entity;

  @Option(names = "--quarantine", description = "Only the records now in quarantine.")
  private boolean quarantine;

  @Option(
      names = "--since",
      paramLabel = "T",
      description = "Only records ingested at or after this time (ISO-8601).")
  private Instant since;

  @Mixin private ClientOptions options;

  private final Terminal terminal;

  ReplayCommand(Terminal terminal) {
    this.terminal = requireNonNull(terminal, "terminal is null");
  }

  @Override
  public Integer call() {
    var body = new LinkedHashMap<String, Object>();
    body.put("quarantine_only", quarantine);
    if (since != null) {
      body.put("since", since.toString());
    }
    return options.with(
        client -> {
          print(client.post("/v1/replay/" + entity, body));
          return 0;
        });
  }

  private void print(JsonNode answer) {
    if (options.isJson()) {
      ClientOptions.print(terminal, answer);
      return;
    }
    terminal
        .out()
        .printf(
            "%s: %s read, %s accepted, %s rejected%n",
            answer.path("table").asText(),
            Amounts.count(answer.path("read").asLong()),
            Amounts.count(answer.path("accepted").asLong()),
            Amounts.count(answer.path("rejected").asLong()));
  }
}
