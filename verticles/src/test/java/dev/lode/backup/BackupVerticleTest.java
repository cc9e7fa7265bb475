package dev.lode.backup;

import static java.util.concurrent.TimeUnit.SECONDS;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.lode.codecs.Backup;
import dev.lode.codecs.Bus;
import dev.lode.codecs.Failure;
import dev.lode.config.LodeConfig;
import dev.lode.tables.Lake;
import dev.lode.tables.TestLake;
import io.vertx.core.Vertx;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.concurrent.TimeoutException;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class BackupVerticleTest {
  @TempDir private Path folder;
  private final Vertx vertx = Vertx.vertx();
  private final Bus bus =
      new Bus(vertx, new Bus.Limits(100, Duration.ofSeconds(20)), Clock.systemUTC());
  private Path data;
  private Lake lake;

  @BeforeEach
  void open() {
    Bus.registerCodecs(vertx);
    data = folder.resolve("data");
    lake = TestLake.open(data);
  }

  @AfterEach
  void close() {
    vertx.close().await();
    lake.close();
  }

  private void deploy(String within, boolean isOpen) throws TimeoutException {
    var config = new LodeConfig.Backup(7, within);
    var parts = new BackupVerticle.Parts(bus, lake, data, config, isOpen, Clock.systemUTC());
    vertx.deployVerticle(new BackupVerticle(parts)).await(20, SECONDS);
  }

  private Backup.Progress start(Path directory) throws TimeoutException {
    return bus.request(Backup.START, new Backup.Start("default", directory.toString()))
        .await(20, SECONDS);
  }

  private Backup.Progress progress() throws TimeoutException {
    return bus.request(Backup.PROGRESS, new Backup.Ask("default")).await(20, SECONDS);
  }

  private Backup.Progress ended() throws TimeoutException {
    Backup.Progress now = progress();
    while (now.state().equals("running")) {
      now = progress();
    }
    return now;
  }

  @Test
  void saysHowFarItIsUntilItIsDone() throws Exception {
    deploy("any", true);
    assertThat(progress().state()).isEqualTo("none");
    assertThat(start(folder.resolve("backups")).directory())
        .isEqualTo(folder.resolve("backups").toString());
    Backup.Progress ended = ended();
    assertThat(ended.state()).as(ended.failure()).isEqualTo("done");
    assertThat(Repository.open(folder.resolve("backups")).ids()).containsExactly(ended.id());
  }

  @Test
  void saysWhyItFailed() throws Exception {
    deploy("any", true);
    start(Path.of("/proc/nothing/can/be/made/here"));
    assertThat(ended().state()).isEqualTo("failed");
    assertThat(ended().failure()).startsWith("Cannot back up to /proc/nothing/can/be/made/here: ");
  }

  @Test
  void refusesFoldersThatAreNotApartFromTheData() throws Exception {
    deploy("any", true);
    assertRefused(data.resolve("x"), "it and the data directory %s are not apart".formatted(data));
    assertRefused(folder, "it and the data directory %s are not apart".formatted(data));
    assertThatThrownBy(() -> start(Path.of("here")))
        .isInstanceOf(Failure.class)
        .hasMessage("Invalid directory: here (must be absolute)");
  }

  @Test
  void staysWithinItsFolderWhereThereAreKeys() throws Exception {
    deploy("any", false);
    assertRefused(folder.resolve("b"), "there are keys, so backup.within must name a folder");
  }

  @Test
  void leavesTheFolderThatIsNamedForNoDots() throws Exception {
    Path within = folder.resolve("backups");
    deploy(within.toString(), false);
    assertThatThrownBy(() -> start(within.resolve("../other")))
        .isInstanceOf(Failure.class)
        .hasMessage(
            "Cannot back up to %s: it is not within %s (backup.within)"
                .formatted(folder.resolve("other"), within));
    start(within.resolve("shop"));
    assertThat(ended().state()).isEqualTo("done");
  }

  private void assertRefused(Path directory, String why) {
    assertThatThrownBy(() -> start(directory))
        .isInstanceOf(Failure.class)
        .hasMessage("Cannot back up to " + directory + ": " + why);
  }
}
