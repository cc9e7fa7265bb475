package dev.lode.cli;

import static java.util.Objects.requireNonNull;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** One SELECT through the tool {@code run_sql}. */
@Command(
    name = "sql",
    mixinStandardHelpOptions = true,
    description = "Ask the tables of a running Lode by one SELECT.",
    footer = {
      "",
      "Examples:",
      "  ./lode sql \"SELECT * FROM gold.customer_360 ORDER BY total_spent DESC LIMIT 5\"",
      "  ./lode sql --csv \"SELECT day, revenue FROM gold.daily_revenue\" > revenue.csv",
      "  ./lode sql --as-of 2026-01-31T12:00:00Z \"SELECT count(*) FROM silver.invoice_line\"",
      "  ./lode sql \"SELECT * FROM gold.daily_revenue AT (VERSION => 4038377008129385739)\"",
      "  echo \"SELECT count(*) FROM silver.invoice_line\" | ./lode sql -"
    })
final class SqlCommand implements Callable<Integer> {
  @Parameters(paramLabel = "SELECT", description = "The statement; - reads it from stdin.")
  private String sql;

  @Option(
      names = "--as-of",
      paramLabel = "TIME",
      description = "Every dataset as it was then, such as 2026-01-31T12:00:00Z.")
  private String asOf;

  @Option(names = "--csv", description = "Print the rows as CSV.")
  private boolean csv;

  @Mixin private ClientOptions options;

  private final Terminal terminal;

  SqlCommand(Terminal terminal) {
    this.terminal = requireNonNull(terminal, "terminal is null");
  }

  @Override
  public Integer call() throws IOException {
    String select =
        sql.equals("-") ? new String(System.in.readAllBytes(), StandardCharsets.UTF_8) : sql;
    return options.with(
        client -> {
          long began = System.nanoTime();
          JsonNode answer = client.tool("run_sql", arguments(select));
          print(answer, System.nanoTime() - began);
          return 0;
        });
  }

  private Map<String, Object> arguments(String select) {
    return asOf == null ? Map.of("sql", select) : Map.of("sql", select, "as_of", asOf);
  }

  private void print(JsonNode answer, long nanos) {
    JsonNode rows = answer.path("data");
    if (options.isJson()) {
      ClientOptions.print(terminal, rows);
    } else if (csv) {
      Grid.of(rows).csv(terminal.out());
    } else {
      Grid.of(rows).print(terminal);
      terminal.out().println(terminal.dim(footer(answer, nanos)));
    }
    if (answer.path("truncated").asBoolean()) {
      terminal.err().println(terminal.yellow("There were more rows: the answer was cut."));
    }
  }

  private static String footer(JsonNode answer, long nanos) {
    int rows = answer.path("data").path("rows").size();
    long fresh = answer.path("freshness_ms").asLong(-1);
    return (rows == 1 ? "1 row" : rows + " rows")
        + " in "
        + nanos / 1_000_000
        + " ms"
        + (fresh < 0 ? "" : ", as of " + Amounts.time(fresh) + " ago");
  }
}
