package dev.lode.load;

import dev.lode.Main;
import dev.lode.cli.Restorer;
import dev.lode.cli.Settings;
import java.io.IOException;
import java.net.http.HttpRequest.BodyPublishers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.OptionalInt;
import java.util.Random;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;

/**
 * Kills a Lode again and again while it ingests, upserts, compacts, expires and is backed up, and
 * looks whether every acknowledged record is in every layer, once. What is not acknowledged is sent
 * again with its key, as a client does.
 *
 * <p>Arguments: kills (1000), seed, folder to work in.
 */
public final class Crash implements AutoCloseable {
  private static final int CHECK_EVERY = 50;
  private static final int WRITERS = 2;
  private static final String BACKUPS = "backups";
  private static final String CLASSES = "victim.aot";
  private static final int MILLIS_MAX = 1500;

  /** Words of conf/lode.yaml, so that all that is done now and then is done all the time. */
  private static final Map<String, String> HASTE =
      Map.ofEntries(
          Map.entry("interval: 10s", "interval: 200ms"),
          Map.entry("files-min: 16", "files-min: 3"),
          Map.entry("snapshot-age: 5d", "snapshot-age: 1s"),
          Map.entry("snapshots-min: 10", "snapshots-min: 2"),
          Map.entry("snapshots-batch: 50", "snapshots-batch: 2"),
          Map.entry("remove-after: 10m", "remove-after: 1s"),
          Map.entry("orphan-age: 1d", "orphan-age: 30s"),
          Map.entry("orphan-interval: 6h", "orphan-interval: 1s"),
          Map.entry("catch-up: 5s", "catch-up: 1s"),
          Map.entry("flush-time: 1s", "flush-time: 100ms"),
          Map.entry("keep: 7 ", "keep: 2 "));

  private final Random random;
  private final Path folder;
  private final Path home;
  private final Path conf;
  private final LodeProcess lode;
  private final Notes notes;
  private final CrashWriters writers;
  private final Map<String, Integer> hits = new TreeMap<>();
  private final List<Long> starts = new ArrayList<>();
  private int checks;
  private int backups;

  public Crash(Path home, Path folder, long seed) throws IOException {
    this.random = new Random(seed);
    this.home = home;
    this.folder = folder;
    this.notes = new Notes(seed);
    this.conf = conf(home, folder);
    this.lode = victim("data");
    this.writers = new CrashWriters(notes, lode.url(), WRITERS);
  }

  public static void main(String[] arguments) throws Exception {
    int kills = arguments.length > 1 ? Integer.parseInt(arguments[1]) : 1000;
    long seed = arguments.length > 2 ? Long.parseLong(arguments[2]) : System.nanoTime() % 1_000_000;
    Path folder = Files.createTempDirectory("lode-crash");
    System.out.printf("seed %d in %s%n", seed, folder);
    try (var crash = new Crash(Path.of(arguments[0]), folder, seed)) {
      crash.train();
      crash.run(kills);
    }
    Folders.delete(folder);
  }

  /** The declarations of the crash test, beside the limits that ship, a few of them changed. */
  private static Path conf(Path home, Path folder) throws IOException {
    Path conf = folder.resolve("conf");
    Path declared = home.resolve("load-tests/crash");
    try (var files = Files.walk(declared)) {
      for (Path file : files.filter(Files::isRegularFile).toList()) {
        Path to = conf.resolve(declared.relativize(file).toString());
        Files.createDirectories(to.getParent());
        Files.copy(file, to);
      }
    }
    Folders.limits(home.resolve("conf"), conf, HASTE);
    return conf;
  }

  private LodeProcess victim(String data) throws IOException {
    return LodeProcess.victim(
        home, folder.resolve(data), conf, "-XX:AOTCache=" + folder.resolve(CLASSES));
  }

  /** So that a start costs half; works where the class path is of jars alone. */
  private void train() throws IOException, InterruptedException {
    String aot = "-XX:AOTCacheOutput=" + folder.resolve(CLASSES);
    try (var first = LodeProcess.victim(home, folder.resolve("first"), conf, aot)) {
      first.start();
      first.stop();
    }
  }

  /** Throws where something is lost, or there twice, or layers disagree. */
  public void run(int kills) throws Exception {
    long begun = System.nanoTime();
    for (int kill = 1; kill <= kills; kill++) {
      killOnce();
      if (kill % CHECK_EVERY == 0 || kill == kills) {
        check("after %d kills".formatted(kill));
        report(kill, begun);
      }
    }
    writers.end();
    theNewestBackupIsWhole();
  }

  private void killOnce() throws IOException, InterruptedException {
    long begun = System.nanoTime();
    lode.spawn();
    if (random.nextInt(5) == 0) {
      tally(lode.killAt("none", random.nextInt(2 * MILLIS_MAX)));
      return;
    }
    lode.awaitReady();
    starts.add(System.nanoTime() - begun);
    writers.post();
    if (random.nextInt(4) == 0) {
      backUp();
    }
    TimeUnit.MILLISECONDS.sleep(random.nextInt(MILLIS_MAX));
    var at = lode.killAt(Victim.NAMES.get(random.nextInt(Victim.NAMES.size())), MILLIS_MAX);
    writers.pause();
    tally(at);
  }

  private void tally(List<String> at) {
    for (String phase : at.isEmpty() ? List.of("before it could say") : at) {
      hits.merge(phase.isEmpty() ? "at rest" : phase, 1, Integer::sum);
    }
  }

  private void check(String when) throws IOException, InterruptedException {
    lode.start();
    writers.post();
    writers.drain();
    new CrashChecks(new LodeClient(lode.url()), notes).run(when);
    writers.pause();
    lode.kill();
    CrashChecks.keyIndexAgrees(folder.resolve("data"));
    everyBackupIsWhole();
    checks++;
  }

  private void backUp() throws IOException, InterruptedException {
    new LodeClient(lode.url())
        .post(
            "/v1/backup",
            BodyPublishers.ofString("{\"directory\": \"" + folder.resolve(BACKUPS) + "\"}"),
            Map.of("Content-Type", "application/json"));
  }

  /** Those that were under way when the server was killed do no harm to the others. */
  private void everyBackupIsWhole() throws IOException {
    Path copies = folder.resolve(BACKUPS).resolve("copies");
    if (!Files.isDirectory(copies)) {
      return;
    }
    try (var ids = Files.list(copies)) {
      for (Path id : ids.filter(path -> !path.toString().endsWith(".part")).toList()) {
        var damages = restore(id.getFileName().toString(), true).damages();
        if (!damages.isEmpty()) {
          throw new AssertionError("The backup %s is damaged: %s".formatted(id, damages));
        }
        backups++;
      }
    }
  }

  private Restorer.Restored restore(String id, boolean isCheck) {
    var settings =
        new Settings(folder.resolve("other"), conf.resolve("lode.yaml"), conf, OptionalInt.empty());
    return Main.restorer()
        .restore(
            new Restorer.Order(folder.resolve(BACKUPS), id, settings, false, isCheck),
            new Restorer.Watcher() {
              @Override
              public void begin(String backup, long bytesTotal) {}

              @Override
              public void read(long bytes) {}
            });
  }

  /** Elsewhere it shows in every layer what the original shows. */
  private void theNewestBackupIsWhole() throws IOException, InterruptedException {
    lode.start();
    var client = new LodeClient(lode.url());
    backUp();
    while (client.get("/v1/backup").path("state").asText().equals("running")) {
      TimeUnit.MILLISECONDS.sleep(50);
    }
    String state = client.get("/v1/backup").toString();
    lode.kill();
    if (!state.contains("\"done\"")) {
      throw new AssertionError("No backup: " + state);
    }
    restore(null, false);
    try (var restored = victim("other")) {
      restored.start();
      new CrashChecks(new LodeClient(restored.url()), notes).run("restored");
    }
    System.out.println("the newest backup, restored elsewhere: the same in every layer");
  }

  private void report(int kills, long begun) throws IOException {
    var recovery = new Percentiles(starts.stream().mapToLong(Long::longValue).toArray());
    System.out.printf(
        Locale.ROOT,
        "%d kills in %d s: %d bodies acknowledged, %d sent again; %d records, %d notes stand,"
            + " %d quarantined; %d checks, %d backups read, 0 failures;"
            + " from start to ready p50 %.0f ms, p99 %.0f ms%n  at: %s%n",
        kills,
        TimeUnit.NANOSECONDS.toSeconds(System.nanoTime() - begun),
        writers.acknowledged(),
        writers.resent(),
        notes.lines().size(),
        notes.standing().size(),
        notes.quarantined(),
        checks,
        backups,
        recovery.millis(.5),
        recovery.millis(.99),
        hits);
    System.out.println("  " + Fsync.beside(folder));
  }

  @Override
  public void close() {
    writers.end();
    lode.close();
  }
}
