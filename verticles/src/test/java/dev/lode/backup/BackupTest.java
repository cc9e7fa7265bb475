package dev.lode.backup;

import static dev.lode.tables.Customers.KEY;
import static dev.lode.tables.Customers.TABLE;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.lode.codecs.Backup;
import dev.lode.codecs.Failure;
import dev.lode.tables.Customers;
import dev.lode.tables.Lake;
import dev.lode.tables.Progress;
import dev.lode.tables.Slice;
import dev.lode.tables.TestLake;
import dev.lode.tables.Upsert;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Clock;
import java.util.HashMap;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A small lake with deletion vectors, copied and brought back. */
class BackupTest {
  @TempDir private Path folder;
  private Path data;
  private Path repository;
  private Path elsewhere;
  private Lake lake;

  @BeforeEach
  void fill() throws IOException {
    data = folder.resolve("data");
    repository = folder.resolve("backups");
    elsewhere = folder.resolve("elsewhere");
    lake = TestLake.open(Files.createDirectories(data));
    lake.ensure(Customers.SPEC);
    upsert("('a', 1, 'x'), ('a', 2, 'y'), ('a', 3, 'z'), ('b', 4, 'w')");
    upsert("('a', 2, 'Y')");
    Path secret = Files.createDirectories(data.resolve("secrets")).resolve("hmac.key");
    Files.writeString(secret, "do not tell");
    Files.setPosixFilePermissions(secret, PosixFilePermissions.fromString("rw-------"));
  }

  @AfterEach
  void close() {
    lake.close();
  }

  private void upsert(String values) {
    String select = Customers.select(values);
    try (var session = lake.session()) {
      assertThat(session.upsert(TABLE, new Upsert(KEY, select, null), Progress.NONE)).isPresent();
    }
  }

  private Backup.Progress backup(int keep) throws IOException {
    var tally = new Tally(repository.toString(), Clock.systemUTC());
    new BackupJob(lake, data.resolve("secrets"), keep, Clock.systemUTC()).run(repository, tally);
    tally.end(null);
    return tally.progress("default");
  }

  private Restore restore() throws IOException {
    return Restore.open(repository, null, bytes -> {});
  }

  private static Restore.Target target(Path where) {
    return new Restore.Target(
        where.resolve("catalog.db"),
        where.resolve("warehouse"),
        where.resolve("secrets"),
        () -> TestLake.open(where));
  }

  private static String rows(Lake of) {
    try (var session = of.session()) {
      session.bind("t", Slice.now(TABLE));
      return session.query("SELECT * FROM t ORDER BY ALL", 100).rows().toString();
    }
  }

  private static Map<String, FileTime> times(Path of) throws IOException {
    var times = new HashMap<String, FileTime>();
    for (Path file : Trees.files(of)) {
      times.put(of.relativize(file).toString(), Files.getLastModifiedTime(file));
    }
    return times;
  }

  private Path anyFile(String suffix) throws IOException {
    return Trees.files(repository.resolve("files")).stream()
        .filter(file -> file.toString().endsWith(suffix))
        .findFirst()
        .orElseThrow();
  }

  private static void flipOneByte(Path file) throws IOException {
    byte[] bytes = Files.readAllBytes(file);
    bytes[bytes.length / 2] ^= 1;
    Files.write(file, bytes);
  }

  @Test
  void copiesOnlyWhatIsNewTheSecondTime() throws Exception {
    var first = backup(7);
    Map<String, FileTime> before = times(repository.resolve("files"));
    upsert("('a', 5, 'v')");
    var second = backup(7);

    assertThat(first.filesNew()).isEqualTo(first.files()).isEqualTo(before.size());
    assertThat(second.filesNew()).isPositive().isLessThan(second.files());
    assertThat(second.bytesCopied()).isEqualTo(second.bytesNew()).isLessThan(second.bytes());
    assertThat(second.previousCutAt()).isEqualTo(first.cutAt());
    Map<String, FileTime> after = times(repository.resolve("files"));
    assertThat(after).containsAllEntriesOf(before);
    assertThat(after).hasSize(before.size() + (int) second.filesNew());
    assertThat(backup(7).filesNew()).isZero();
  }

  @Test
  void bringsBackEveryRowAndTheSecretsElsewhere() throws Exception {
    backup(7);
    String before = rows(lake);
    upsert("('a', 9, 'came later')");
    lake.close();
    Files.move(data, folder.resolve("burnt"));

    restore().run(target(elsewhere));

    try (Lake restored = TestLake.open(elsewhere)) {
      assertThat(rows(restored))
          .isEqualTo(before)
          .isEqualTo("[[a, 1, x], [a, 2, Y], [a, 3, z], [b, 4, w]]");
    }
    Path secret = elsewhere.resolve("secrets/hmac.key");
    assertThat(secret).hasContent("do not tell");
    assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(secret)))
        .isEqualTo("rw-------");
  }

  @Test
  void bringsBackTheVeryBytesInPlace() throws Exception {
    backup(7);
    String before = rows(lake);
    lake.close();
    Files.move(data, folder.resolve("burnt"));

    restore().run(target(data));

    for (Path file : Trees.files(repository.resolve("files"))) {
      assertThat(data.resolve("warehouse").resolve(repository.resolve("files").relativize(file)))
          .hasSameBinaryContentAs(file);
    }
    try (Lake restored = TestLake.open(data)) {
      assertThat(rows(restored)).isEqualTo(before);
    }
  }

  @Test
  void namesEveryFileThatIsDamagedOrMissing() throws Exception {
    String id = backup(7).id();
    assertThat(restore().damages()).isEmpty();
    Path vectors = anyFile(".puffin");
    Path rows = anyFile(".parquet");
    Path catalog = repository.resolve("copies").resolve(id).resolve("catalog.db");
    flipOneByte(vectors);
    flipOneByte(catalog);
    Files.delete(rows);

    assertThat(restore().damages())
        .containsExactlyInAnyOrder(
            "The backup is damaged: " + vectors + ": its checksum differs",
            "The backup is damaged: " + catalog + ": its checksum differs",
            "The backup is damaged: " + rows + ": it is missing");
    assertThatThrownBy(() -> restore().run(target(elsewhere)))
        .isInstanceOf(Failure.class)
        .hasMessageStartingWith("The backup is damaged: " + repository);
    assertThat(elsewhere.resolve("catalog.db")).doesNotExist();
  }

  @Test
  void namesTheListOfFilesWhereThatIsDamaged() throws Exception {
    Path facts = repository.resolve("copies").resolve(backup(7).id()).resolve("copy.json");
    flipOneByte(facts);

    assertThatThrownBy(this::restore)
        .isInstanceOf(Failure.class)
        .hasMessage("The backup is damaged: " + facts + ": its checksum differs");
  }

  @Test
  void healsAFileThatWasRemovedBecauseItWasDamaged() throws Exception {
    backup(7);
    Files.delete(anyFile(".parquet"));

    assertThat(backup(7).filesNew()).isEqualTo(1);
    assertThat(restore().damages()).isEmpty();
  }

  @Test
  void goesOnWhereAnInterruptedRestoreWas() throws Exception {
    backup(7);
    var left = new long[] {2};
    var cut =
        Restore.open(
            repository,
            null,
            bytes -> {
              if (left[0]-- == 0) {
                throw new IllegalStateException("power cut");
              }
            });
    Path target = Files.createDirectories(folder.resolve("x/data"));
    assertThatThrownBy(() -> cut.run(target(target))).hasMessage("power cut");
    Map<String, FileTime> before = times(target.resolve("warehouse"));
    before.keySet().removeIf(name -> name.endsWith(".part"));

    restore().run(target(target));

    assertThat(times(target.resolve("warehouse"))).containsAllEntriesOf(before);
    try (Lake restored = TestLake.open(target)) {
      assertThat(rows(restored)).isEqualTo(rows(lake));
    }
  }

  @Test
  void goesOnWhereAnInterruptedBackupWas() throws Exception {
    String id = backup(7).id();
    Files.move(
        repository.resolve("copies").resolve(id),
        repository.resolve("copies").resolve(id + ".part"));

    var again = backup(7);

    assertThat(again.filesNew()).isZero();
    assertThat(restore().damages()).isEmpty();
    assertThat(repository.resolve("copies")).isDirectoryNotContaining("glob:**.part");
  }

  @Test
  void letsGoOfTheOldestAndOfWhatItAloneNeeds() throws Exception {
    String first = backup(2).id();
    upsert("('a', 5, 'v')");
    backup(2);
    upsert("('a', 6, 'u')");
    var third = backup(2);

    assertThat(Repository.open(repository).ids()).hasSize(2).doesNotContain(first);
    assertThatThrownBy(() -> Restore.open(repository, first, bytes -> {}))
        .isInstanceOf(Failure.class)
        .hasMessageStartingWith("No backup " + first + " in " + repository + " (there are: ");
    assertThat(Trees.files(repository.resolve("files")))
        .as("the metadata of the second, and all of the third")
        .hasSize((int) third.files() + 1);
    assertThat(restore().damages()).isEmpty();
  }

  @Test
  void refusesAFolderThatHoldsOtherThings() throws Exception {
    Files.writeString(Files.createDirectories(repository).resolve("diary.txt"), "Dear diary");
    assertThatThrownBy(() -> backup(7))
        .isInstanceOf(Failure.class)
        .hasMessage(
            "Cannot back up to %s: it holds other things (must be empty, or hold backups)"
                .formatted(repository));
  }

  @Test
  void refusesToMixTheBackupsOfTwoLakes() throws Exception {
    backup(7);
    try (Lake other = TestLake.open(Files.createDirectories(elsewhere))) {
      var job = new BackupJob(other, elsewhere.resolve("secrets"), 7, Clock.systemUTC());
      var tally = new Tally(repository.toString(), Clock.systemUTC());
      assertThatThrownBy(() -> job.run(repository, tally))
          .isInstanceOf(Failure.class)
          .hasMessage(
              "Cannot back up to %s: its backups are of file://%s, this lake is file://%s"
                  .formatted(
                      repository, data.resolve("warehouse"), elsewhere.resolve("warehouse")));
    }
  }
}
