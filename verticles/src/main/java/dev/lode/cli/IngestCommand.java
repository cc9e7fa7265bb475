package dev.lode.cli;

import static java.util.Objects.requireNonNull;

import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Posts files to a running Lode. */
@Command(
    name = "ingest",
    mixinStandardHelpOptions = true,
    sortOptions = false,
    description = {
      "Post files to a running Lode.",
      "Each file travels under a key made from its bytes: posting it again, after a crash or by "
          + "mistake, lands nothing twice. Lines that cannot be read are kept in quarantine and "
          + "named here; the good ones go on. Then waits for the contracts' verdict: what they "
          + "rejected is told by rule, and fails the command."
    },
    footer = {
      "",
      "Examples:",
      "  ./lode ingest --source retail --entity invoice_line sales/*.csv",
      "  ./lode ingest --source shop --entity order orders.ndjson.gz",
      "  ./lode ingest --source shop --entity order --format json export.txt"
    })
final class IngestCommand implements Callable<Integer> {
  @Option(names = "--source", required = true, paramLabel = "S", description = "Where it is from.")
  private String source;

  @Option(names = "--entity", required = true, paramLabel = "E", description = "What it is.")
  private String entity;

  @Parameters(
      arity = "1..*",
      paramLabel = "FILE",
      description = "Files, globs or folders: .csv, .json, .ndjson, .jsonl, each also .gz.")
  private List<String> files;

  @Option(
      names = "--format",
      paramLabel = "F",
      description = "csv, json or ndjson, where the extension does not tell.")
  private String format;

  @Option(
      names = "--parallel",
      paramLabel = "N",
      defaultValue = "8",
      description = "Files at once, 1 to 16 (default: ${DEFAULT-VALUE}).")
  private int parallel;

  @Option(
      names = "--key-prefix",
      paramLabel = "P",
      defaultValue = "lode",
      description = "Begins every Idempotency-Key; another prefix lands the same files again.")
  private String keyPrefix;

  @Option(names = "--no-key", description = "Send no key: land everything, whatever is there.")
  private boolean noKey;

  @Option(
      names = "--retry-for",
      paramLabel = "SECONDS",
      defaultValue = "60",
      description = "How long a busy or absent server is tried again (default: ${DEFAULT-VALUE}).")
  private int retrySeconds;

  @Option(
      names = "--wait",
      paramLabel = "SECONDS",
      defaultValue = "60",
      description = "How long the verdict is waited for at most (default: ${DEFAULT-VALUE}).")
  private int waitSeconds;

  @Option(names = "--no-wait", description = "Do not wait for the verdict.")
  private boolean noWait;

  @Mixin private ClientOptions options;

  private final Terminal terminal;

  IngestCommand(Terminal terminal) {
    this.terminal = requireNonNull(terminal, "terminal is null");
  }

  @Override
  public Integer call() throws IOException {
    if (parallel < 1 || parallel > 16) {
      throw new IllegalArgumentException("Invalid --parallel: " + parallel + " (must be 1..16)");
    }
    var sources = new ArrayList<SourceFile>();
    for (var path : SourceFile.expand(files)) {
      sources.add(SourceFile.of(path, format));
    }
    var meter =
        new Meter(terminal, sources.size(), sources.stream().mapToLong(SourceFile::bytes).sum());
    return options.with(client -> report(client, sources, meter));
  }

  private Upload.Plan plan() {
    String prefix = noKey ? null : keyPrefix + "/" + source + "/" + entity + "/";
    return new Upload.Plan(
        "/v1/ingest/" + source + "/" + entity, prefix, Duration.ofSeconds(retrySeconds));
  }

  private int report(Client client, List<SourceFile> sources, Meter meter) {
    long began = System.nanoTime();
    List<Outcome> outcomes = posted(new Upload(client, plan(), meter), sources);
    long nanos = System.nanoTime() - began;
    meter.clear();
    var report = new Report(outcomes, verdicts(client, outcomes), nanos);
    if (options.isJson()) {
      ClientOptions.print(terminal, report.json());
    } else {
      report.print(terminal);
    }
    return report.isFailed() ? 1 : 0;
  }

  private Verdicts verdicts(Client client, List<Outcome> outcomes) {
    return noWait
        ? new Verdicts()
        : new VerdictPoll(client, plan().path(), Duration.ofSeconds(waitSeconds)).of(outcomes);
  }

  private List<Outcome> posted(Upload upload, List<SourceFile> sources) {
    try (var threads = Executors.newFixedThreadPool(parallel)) {
      List<Callable<Outcome>> posts =
          sources.stream().<Callable<Outcome>>map(file -> () -> upload.post(file)).toList();
      return threads.invokeAll(posts).stream().map(Future::resultNow).toList();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new Refused(Refused.BROKEN, "Interrupted", "");
    }
  }
}
