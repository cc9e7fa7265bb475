package dev.lode.cli;

import static java.util.Objects.requireNonNull;

import com.fasterxml.jackson.databind.JsonNode;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.locks.LockSupport;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Parameters;

/** Has a running Lode copy all that it keeps. */
@Command(
    name = "backup",
    mixinStandardHelpOptions = true,
    sortOptions = false,
    description = {
      "Copy the whole lake of a running Lode, of all tenants, into a folder on its own machine.",
      "Loads and queries go on meanwhile. The copy shows all tables as of one moment: everything "
          + "acknowledged before it began is in it. A second backup into the same folder copies "
          + "only files that are new; how many backups a folder keeps is backup.keep in lode.yaml.",
      "In it: the catalog, every file of every snapshot it leads to, and secrets/ (without its "
          + "HMAC key, masked values would get other tokens): guard the folder like the data. Not "
          + "in it: conf/, which belongs into version control; training exports; and vector "
          + "indexes and online features, which a start makes again from the tables."
    },
    footer = {
      "",
      "Examples:",
      "  ./lode backup /mnt/backups/shop             then, from cron, every hour",
      "  ./lode restore /mnt/backups/shop --check    is every byte as it was written?",
      "",
      "For the copy to survive the disk, DIR must be on another one."
    })
final class BackupCommand implements Callable<Integer> {
  private static final String PATH = "/v1/backup";
  private static final long POLL_NANOS = Duration.ofMillis(100).toNanos();

  @Parameters(paramLabel = "DIR", description = "Made where it is missing; holds nothing else.")
  private Path directory;

  @Mixin private ClientOptions options;

  private final Terminal terminal;

  BackupCommand(Terminal terminal) {
    this.terminal = requireNonNull(terminal, "terminal is null");
  }

  @Override
  public Integer call() {
    String absolute = directory.toAbsolutePath().normalize().toString();
    return options.with(
        client -> {
          JsonNode ended = watched(client, client.post(PATH, Map.of("directory", absolute)));
          if (options.isJson()) {
            ClientOptions.print(terminal, ended);
          }
          if (!ended.path("state").asText().equals("done")) {
            terminal.err().println(terminal.red(ended.path("failure").asText()));
            return 1;
          }
          if (!options.isJson()) {
            print(ended);
          }
          return 0;
        });
  }

  private JsonNode watched(Client client, JsonNode begun) {
    var bar = new Bar(terminal);
    JsonNode now = begun;
    while (now.path("state").asText().equals("running")) {
      LockSupport.parkNanos(POLL_NANOS);
      now = client.get(PATH);
      bar.show(now.path("bytes_copied").asLong(), now.path("bytes_new").asLong());
    }
    bar.clear();
    return now;
  }

  private void print(JsonNode done) {
    new Grid(
            List.of("backup", "tables", "rows", "files", "size", "copied", "new files", "time"),
            List.of(false, true, true, true, true, true, true, true),
            List.of(
                List.of(
                    done.path("id").asText(),
                    count(done, "tables"),
                    count(done, "rows"),
                    count(done, "files"),
                    Amounts.bytes(done.path("bytes").asLong()),
                    Amounts.bytes(done.path("bytes_new").asLong()),
                    count(done, "files_new"),
                    Amounts.time(done.path("millis").asLong()))))
        .print(terminal);
    for (JsonNode left : done.path("left_out")) {
      terminal.err().println(terminal.red("left out, a table of another engine: " + left.asText()));
    }
    String cutAt = done.path("cut_at").asText();
    terminal
        .out()
        .println("RPO: all that was acknowledged by " + cutAt + " is in it" + before(done, cutAt));
    terminal
        .out()
        .println(
            "RTO: ./lode restore prints how long it takes; try it with --data on a spare disk");
  }

  private static String before(JsonNode done, String cutAt) {
    JsonNode previous = done.path("previous_cut_at");
    if (previous.isNull() || previous.isMissingNode()) {
      return "";
    }
    var between = Duration.between(Instant.parse(previous.asText()), Instant.parse(cutAt));
    return "; the one before was " + Amounts.time(between.toMillis()) + " older";
  }

  private static String count(JsonNode done, String field) {
    return Amounts.count(done.path(field).asLong());
  }
}
