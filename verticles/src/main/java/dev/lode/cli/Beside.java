package dev.lode.cli;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.ArrayList;
import java.util.List;

/** Shows how a second lake is made, and what it holds. */
record Beside(Replayer replayer, Terminal terminal, boolean json) {

  /** Answers the exit code. */
  int run(Replayer.Order order) {
    Replayer.Replayed done;
    try {
      done = replayer.replay(order, this::show);
    } finally {
      clear();
    }
    if (json) {
      ClientOptions.print(terminal, json(done));
    } else {
      print(order, done);
    }
    return done.failures().isEmpty() ? 0 : 1;
  }

  /** Redrawn on a terminal; silent elsewhere. */
  private void show(String line) {
    if (terminal.isTty()) {
      clear();
      terminal.err().print(Terminal.clipped(line, terminal.columns() - 1));
      terminal.err().flush();
    }
  }

  private void clear() {
    if (terminal.isTty()) {
      terminal.err().print("\r\u001b[K");
      terminal.err().flush();
    }
  }

  private void print(Replayer.Order order, Replayer.Replayed done) {
    var rows = new ArrayList<List<String>>();
    done.tables()
        .forEach(
            table ->
                rows.add(
                    List.of(
                        table.layer(),
                        table.name(),
                        count(table.running()),
                        count(table.beside()))));
    new Grid(
            List.of("layer", "table", "rows", "rows beside"),
            List.of(false, false, true, true),
            rows)
        .print(terminal);
    done.failures().forEach(failure -> terminal.out().println(terminal.red("✗ ") + failure));
    terminal
        .out()
        .printf(
            "Look at it: ./lode up --data %s --conf %s --port 8421%n"
                + "      and: ./lode sql --url http://127.0.0.1:8421 \"SELECT ...\"%n",
            order.beside(), order.settings().declarations());
  }

  private static String count(Long rows) {
    return rows == null ? "-" : Amounts.count(rows);
  }

  private static ObjectNode json(Replayer.Replayed done) {
    ObjectNode json = Client.JSON.createObjectNode();
    var tables = json.putArray("tables");
    done.tables()
        .forEach(
            table ->
                tables
                    .addObject()
                    .put("table", table.layer() + "." + table.name())
                    .put("rows", table.running())
                    .put("rows_beside", table.beside()));
    done.failures().forEach(json.putArray("failures")::add);
    return json;
  }
}
