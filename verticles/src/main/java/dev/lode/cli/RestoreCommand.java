package dev.lode.cli;

import static java.util.Objects.requireNonNull;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.lode.cli.Restorer.Order;
import dev.lode.cli.Restorer.Restored;
import java.nio.file.Path;
import java.util.List;
import java.util.OptionalInt;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Brings a backup back, with no server on the target. */
@Command(
    name = "restore",
    mixinStandardHelpOptions = true,
    sortOptions = false,
    description = {
      "Fill a data directory from a backup, at the path it was made at or at any other.",
      "No Lode may run on the target. Every byte is compared with its checksum; every file that a "
          + "table leads to must be there; the rows of every table are counted. Elsewhere than "
          + "where it was made, the paths inside of the tables' metadata are rewritten. A restore "
          + "that was interrupted goes on where it was when it is started again; until it is "
          + "whole, no Lode starts on it.",
      "Afterwards start Lode, and send again what was acknowledged since the backup, with the same "
          + "Idempotency-Keys: what is in it already lands nothing twice. Vector indexes are made "
          + "again in the background, at about 2 ms a text."
    },
    footer = {
      "",
      "Examples:",
      "  ./lode restore /mnt/backups/shop --check              is the newest backup whole?",
      "  ./lode restore /mnt/backups/shop --data /var/lib/new  elsewhere, beside a running Lode",
      "  ./lode restore /mnt/backups/shop --replace            in place; the old is moved aside",
    })
final class RestoreCommand implements Callable<Integer> {
  @Parameters(paramLabel = "DIR", description = "A folder that ./lode backup wrote.")
  private Path directory;

  @Option(
      names = "--id",
      paramLabel = "ID",
      description = "Which of its backups, as ./lode backup printed it (default: the newest).")
  private String id;

  @Option(
      names = "--data",
      paramLabel = "DIR",
      defaultValue = "${env:LODE_DATA:-" + Option.NULL_VALUE + "}",
      description = "The data directory to fill (default: $LODE_DATA, or data/ here).")
  private Path data;

  @Option(
      names = "--conf",
      paramLabel = "DIR",
      description = "Where lode.yaml is (default: conf/).")
  private Path conf;

  @Option(
      names = "--replace",
      description = "Move what the data directory holds into before-restore-*/ in it, first.")
  private boolean replace;

  @Option(
      names = "--check",
      description = "Compare every byte of the backup with its checksum, and write nothing.")
  private boolean checkOnly;

  @Option(names = "--json", description = "Print the outcome as JSON.")
  private boolean json;

  private final Restorer restorer;
  private final Terminal terminal;

  RestoreCommand(Restorer restorer, Terminal terminal) {
    this.restorer = requireNonNull(restorer, "restorer is null");
    this.terminal = requireNonNull(terminal, "terminal is null");
  }

  @Override
  public Integer call() {
    long began = System.nanoTime();
    var bar = new Bar(terminal);
    var order =
        new Order(directory.toAbsolutePath().normalize(), id, settings(), replace, checkOnly);
    Restored done;
    try {
      done = restorer.restore(order, new Watched(bar));
    } finally {
      bar.clear();
    }
    long millis = (System.nanoTime() - began) / 1_000_000;
    if (json) {
      ClientOptions.print(terminal, json(done, millis));
    } else {
      print(done, millis);
    }
    return done.damages().isEmpty() ? 0 : 1;
  }

  private static final class Watched implements Restorer.Watcher {
    private final Bar bar;
    private long total;
    private long read;

    Watched(Bar bar) {
      this.bar = bar;
    }

    @Override
    public void begin(String which, long bytesTotal) {
      total = bytesTotal;
    }

    @Override
    public void read(long bytes) {
      read += bytes;
      bar.show(read, total);
    }
  }

  private Settings settings() {
    Path from = conf == null ? Home.path().resolve("conf") : conf;
    Path to = data == null ? Home.path().resolve("data") : data;
    return new Settings(to, from.resolve("lode.yaml"), from, OptionalInt.empty());
  }

  private void print(Restored done, long millis) {
    new Grid(
            List.of("backup", "tables", "rows", "files", "size", "time"),
            List.of(false, true, true, true, true, true),
            List.of(
                List.of(
                    done.id(),
                    Amounts.count(done.tables()),
                    Amounts.count(done.rows()),
                    Amounts.count(done.files()),
                    Amounts.bytes(done.bytes()),
                    Amounts.time(millis))))
        .print(terminal);
    if (checkOnly) {
      checked(done);
      return;
    }
    terminal
        .out()
        .println(terminal.green("✓ ") + "checksums, reachable files and row counts are right");
    if (done.aside() != null) {
      terminal.out().println("What was there is now in " + done.aside());
    }
    terminal
        .out()
        .println("RPO: it shows " + done.cutAt() + "; send again what was acknowledged after that");
    terminal
        .out()
        .println(
            "RTO: "
                + Amounts.time(millis)
                + ", and the start of ./lode up; vectors follow at about 2 ms a text");
  }

  private void checked(Restored done) {
    done.damages().forEach(damage -> terminal.out().println(terminal.red("✗ ") + damage));
    terminal
        .out()
        .println(
            done.damages().isEmpty()
                ? terminal.green("✓ ") + "every byte is as it was written"
                : done.damages().size() + " damaged");
  }

  private static ObjectNode json(Restored done, long millis) {
    ObjectNode json = Client.JSON.createObjectNode();
    json.put("id", done.id());
    json.put("cut_at", done.cutAt().toString());
    json.put("tables", done.tables());
    json.put("rows", done.rows());
    json.put("files", done.files());
    json.put("bytes", done.bytes());
    json.put("aside", done.aside() == null ? null : done.aside().toString());
    json.put("millis", millis);
    done.damages().forEach(json.putArray("damages")::add);
    return json;
  }
}
