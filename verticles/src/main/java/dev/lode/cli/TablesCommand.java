package dev.lode.cli;

import static java.util.Objects.requireNonNull;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.stream.Stream;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

/** How large every table is, and who is behind. */
@Command(
    name = "tables",
    mixinStandardHelpOptions = true,
    description = {
      "Show of every table its files, deleted rows, snapshots and metadata, and the consumer that",
      "is furthest behind: snapshots from that one on are kept."
    },
    footer = {"", "Examples:", "  ./lode tables", "  ./lode tables --json"})
final class TablesCommand implements Callable<Integer> {
  private static final List<String> NAMES =
      List.of(
          "table",
          "files",
          "size",
          "rows",
          "deleted",
          "snapshots",
          "metadata",
          "behind",
          "lag",
          "slowest consumer");
  private static final List<Boolean> NUMBERS =
      List.of(false, true, true, true, true, true, true, true, true, false);

  @Mixin private ClientOptions options;

  private final Terminal terminal;

  TablesCommand(Terminal terminal) {
    this.terminal = requireNonNull(terminal, "terminal is null");
  }

  @Override
  public Integer call() {
    return options.with(
        client -> {
          JsonNode answer = client.get("/v1/tables");
          if (options.isJson()) {
            ClientOptions.print(terminal, answer);
          } else {
            var rows = new ArrayList<List<String>>();
            answer.path("tables").forEach(table -> rows.add(row(table)));
            new Grid(NAMES, NUMBERS, rows).print(terminal);
          }
          return 0;
        });
  }

  private static List<String> row(JsonNode table) {
    JsonNode slowest = null;
    for (JsonNode consumer : table.path("consumers")) {
      if (slowest == null || lag(consumer) > lag(slowest)) {
        slowest = consumer;
      }
    }
    return Stream.of(
            table.path("name").asText(),
            count(table, "files"),
            Amounts.bytes(table.path("bytes").asLong()),
            count(table, "rows"),
            count(table, "deleted_rows"),
            count(table, "snapshots"),
            Amounts.bytes(table.path("metadata_bytes").asLong()),
            slowest == null ? "" : count(slowest, "snapshots_behind"),
            slowest == null ? "" : Amounts.time(lag(slowest)),
            slowest == null ? "" : slowest.path("name").asText())
        .toList();
  }

  private static long lag(JsonNode consumer) {
    return consumer.path("lag_ms").asLong();
  }

  private static String count(JsonNode node, String field) {
    return Amounts.count(node.path(field).asLong());
  }
}
