package dev.lode.cli;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.List;
import java.util.stream.LongStream;

/** What an ingest did, in all: totals, rejected lines by file and line, failed files. */
record Report(List<Outcome> outcomes, Verdicts verdicts, long nanos) {
  private static final int DEFECTS_SHOWN = 20;

  Report {
    outcomes = List.copyOf(outcomes);
  }

  /** One file, on one line. */
  static String line(Outcome outcome) {
    if (outcome.isFailed()) {
      return outcome.file().path() + ": failed: " + outcome.failure();
    }
    return outcome.file().path()
        + ": "
        + Amounts.count(outcome.received())
        + " lines, "
        + Amounts.count(outcome.accepted())
        + " landed, "
        + Amounts.count(outcome.duplicates())
        + " there already, "
        + Amounts.count(outcome.quarantined())
        + " quarantined, "
        + Amounts.time(outcome.nanos() / 1_000_000);
  }

  /** Not every record is in Silver now, as far as that is known. */
  boolean isFailed() {
    return verdicts.isBad()
        || outcomes.stream().anyMatch(one -> one.isFailed() || one.quarantined() > 0);
  }

  void print(Terminal terminal) {
    outcomes.stream()
        .filter(outcome -> !outcome.defects().isEmpty())
        .forEach(outcome -> printDefects(outcome, terminal));
    if (terminal.isTty()) {
      outcomes.stream()
          .filter(Outcome::isFailed)
          .forEach(outcome -> terminal.err().println(terminal.red(line(outcome))));
    }
    for (Outcome outcome : outcomes) {
      for (String warning : outcome.warnings()) {
        terminal.err().println(terminal.yellow(outcome.file().path() + ": " + warning));
      }
    }
    totals().print(terminal);
    verdicts.print(terminal);
  }

  private static void printDefects(Outcome outcome, Terminal terminal) {
    outcome.defects().stream()
        .limit(DEFECTS_SHOWN)
        .forEach(
            defect ->
                terminal
                    .err()
                    .println(
                        terminal.yellow(outcome.file().path() + ":" + defect.line())
                            + ": "
                            + defect.reason()));
    long more = outcome.quarantined() - Math.min(outcome.defects().size(), DEFECTS_SHOWN);
    if (more > 0) {
      terminal
          .err()
          .println(outcome.file().path() + ": and " + Amounts.count(more) + " more in quarantine");
    }
  }

  private Grid totals() {
    long failed = outcomes.stream().filter(Outcome::isFailed).count();
    double seconds = Math.max(nanos / 1e9, 0.001);
    long received = sum(outcomes.stream().mapToLong(Outcome::received));
    return new Grid(
        List.of(
            "files",
            "failed",
            "lines",
            "landed",
            "there already",
            "quarantined",
            "time",
            "lines/s"),
        List.of(true, true, true, true, true, true, true, true),
        List.of(
            List.of(
                Amounts.count(outcomes.size()),
                Amounts.count(failed),
                Amounts.count(received),
                Amounts.count(sum(outcomes.stream().mapToLong(Outcome::accepted))),
                Amounts.count(sum(outcomes.stream().mapToLong(Outcome::duplicates))),
                Amounts.count(sum(outcomes.stream().mapToLong(Outcome::quarantined))),
                Amounts.time(nanos / 1_000_000),
                Amounts.count(Math.round(received / seconds)))));
  }

  ObjectNode json() {
    ObjectNode json = Client.JSON.createObjectNode();
    json.put("files", outcomes.size());
    json.put("failed", outcomes.stream().filter(Outcome::isFailed).count());
    json.put("received", sum(outcomes.stream().mapToLong(Outcome::received)));
    json.put("accepted", sum(outcomes.stream().mapToLong(Outcome::accepted)));
    json.put("duplicates", sum(outcomes.stream().mapToLong(Outcome::duplicates)));
    json.put("quarantined", sum(outcomes.stream().mapToLong(Outcome::quarantined)));
    json.put("seconds", nanos / 1e9);
    ArrayNode warnings = json.putArray("warnings");
    outcomes.forEach(outcome -> outcome.warnings().forEach(warnings::add));
    verdicts.json(json);
    return json;
  }

  private static long sum(LongStream numbers) {
    return numbers.sum();
  }
}
