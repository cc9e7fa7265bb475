package dev.lode.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.lode.cli.Restorer.Restored;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

class BackupCommandsTest {
  private static final String PROGRESS =
      """
      {"state": "%s", "id": "20260101T000000.000Z", "cut_at": "2026-01-01T01:00:00Z",
       "previous_cut_at": "2026-01-01T00:00:00Z", "tables": 3, "rows": 1200, "files": 40,
       "bytes": 5242880, "files_new": 4, "bytes_new": 2048, "bytes_copied": 2048, "millis": 1500,
       "failure": %s}
      """;

  @Test
  void waitsForABackupAndSaysWhatItHolds() throws IOException {
    var shell = new Shell();
    var answers = new AtomicInteger();
    try (var lode =
        new FakeLode(
            asked -> {
              String state = answers.getAndIncrement() < 2 ? "running" : "done";
              return new FakeLode.Answer(200, PROGRESS.formatted(state, "null"));
            })) {
      assertThat(shell.run("backup", "/mnt/b", "--url", lode.url())).isZero();
      assertThat(lode.asked().getFirst().text()).isEqualTo("{\"directory\":\"/mnt/b\"}");
      assertThat(lode.asked()).hasSize(3).allMatch(asked -> asked.path().equals("/v1/backup"));
    }
    assertThat(shell.out())
        .contains("20260101T000000.000Z       3  1,200     40  5.0 MB  2.0 KB          4  1.5 s")
        .contains("RPO: all that was acknowledged by 2026-01-01T01:00:00Z is in it")
        .contains("the one before was 1 h 0 min older");
  }

  @Test
  void failsWithTheSentenceOfABackupThatFailed() throws IOException {
    var shell = new Shell();
    String failed = PROGRESS.formatted("failed", "\"Cannot back up to /mnt/b: no space\"");
    try (var lode = new FakeLode(asked -> new FakeLode.Answer(200, failed))) {
      assertThat(shell.run("backup", "/mnt/b", "--url", lode.url())).isEqualTo(1);
    }
    assertThat(shell.err()).isEqualTo("Cannot back up to /mnt/b: no space\n");
    assertThat(shell.out()).isEmpty();
  }

  @Test
  void saysWhatARestoreBroughtAndWhatToSendAgain() {
    var shell =
        new Shell(
            (order, watcher) -> {
              assertThat(order.from()).isEqualTo(Path.of("/mnt/b"));
              assertThat(order.settings().data()).isEqualTo(Path.of("/new"));
              assertThat(order.replace()).isTrue();
              return restored(Path.of("/new/before-restore-1"), List.of());
            });
    assertThat(shell.run("restore", "/mnt/b", "--data", "/new", "--replace")).isZero();
    assertThat(shell.out())
        .contains("checksums, reachable files and row counts are right")
        .contains("What was there is now in /new/before-restore-1")
        .contains("RPO: it shows 2026-01-01T01:00:00Z; send again what was acknowledged after that")
        .contains("RTO: ");
  }

  @Test
  void namesEachDamagedFileAndFails() {
    var shell = new Shell((order, watcher) -> restored(null, List.of("x is missing")));
    assertThat(shell.run("restore", "/mnt/b", "--check")).isEqualTo(1);
    assertThat(shell.out()).contains("✗ x is missing\n1 damaged\n");
  }

  private static Restored restored(Path aside, List<String> damages) {
    return new Restored(
        "20260101T000000.000Z",
        Instant.parse("2026-01-01T01:00:00Z"),
        3,
        1200,
        40,
        5242880,
        aside,
        damages);
  }
}
