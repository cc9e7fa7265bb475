package dev.lode.cli;

import static java.util.Objects.requireNonNull;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.Callable;
import picocli.CommandLine.ArgGroup;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Where a row, vector or feature came from, and what else was made of it. */
@Command(
    name = "trace",
    mixinStandardHelpOptions = true,
    sortOptions = false,
    description = {
      "Show the way of a record: from its raw bytes down to everything made of them.",
      "Name one subject: a lineage id, a row of a table, a vector, or a feature."
    },
    footer = {
      "",
      "Examples:",
      "  ./lode trace 0197f0c4-7a53-7d2e-9f0a-3b1c5d7e9f11",
      "  ./lode trace --table gold.daily_revenue --key day=2011-06-30",
      "  ./lode trace --namespace products --id 85123A",
      "  ./lode trace --view customer_features --entity customer_id=17850"
    })
final class TraceCommand implements Callable<Integer> {
  @ArgGroup(exclusive = true, multiplicity = "1")
  private Subject subject;

  @Mixin private ClientOptions options;

  private final Terminal terminal;

  static final class Subject {
    @Parameters(paramLabel = "LINEAGE_ID", description = "A record's, from any answer.")
    private String lineageId;

    @ArgGroup(exclusive = false)
    private Row row;

    @ArgGroup(exclusive = false)
    private Vector vector;

    @ArgGroup(exclusive = false)
    private Feature feature;
  }

  static final class Row {
    @Option(names = "--table", required = true, description = "A silver or gold table.")
    private String table;

    @Option(names = "--key", required = true, paramLabel = "K=V", description = "Key of the row.")
    private Map<String, String> key;
  }

  static final class Vector {
    @Option(names = "--namespace", required = true, description = "Of vectors.")
    private String namespace;

    @Option(names = "--id", required = true, description = "Of the vector, as a search gives it.")
    private String id;
  }

  static final class Feature {
    @Option(names = "--view", required = true, description = "A feature view.")
    private String view;

    @Option(
        names = "--entity",
        required = true,
        paramLabel = "K=V",
        description = "Key of the entity.")
    private Map<String, String> key;
  }

  TraceCommand(Terminal terminal) {
    this.terminal = requireNonNull(terminal, "terminal is null");
  }

  @Override
  public Integer call() {
    return options.with(
        client -> {
          JsonNode answer = client.tool("trace_lineage", arguments());
          if (options.isJson()) {
            ClientOptions.print(terminal, answer.path("data"));
          } else {
            new Tree(answer.path("data")).lines(terminal).forEach(terminal.out()::println);
          }
          return 0;
        });
  }

  private Map<String, Object> arguments() {
    var arguments = new LinkedHashMap<String, Object>();
    if (subject.row != null) {
      arguments.put("table", subject.row.table);
      arguments.put("key", subject.row.key);
    } else if (subject.vector != null) {
      arguments.put("namespace", subject.vector.namespace);
      arguments.put("vector_id", subject.vector.id);
    } else if (subject.feature != null) {
      arguments.put("view", subject.feature.view);
      arguments.put("key", subject.feature.key);
    } else {
      arguments.put("lineage_id", subject.lineageId);
    }
    return arguments;
  }
}
