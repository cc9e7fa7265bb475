package dev.lode.features;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.lode.config.TestConfig;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class TrainingFilesTest {
  private static final Instant NOW = Instant.parse("2026-12-01T00:00:00Z");

  @TempDir private Path folder;

  private TrainingFiles files() {
    var limits =
        TestConfig.with("features.training-files-max", "100B", "features.training-files-age", "2d");
    return new TrainingFiles(folder, limits.features(), Clock.fixed(NOW, ZoneOffset.UTC));
  }

  private static Path write(Path file, int bytes, Duration age) throws IOException {
    Files.write(file, new byte[bytes]);
    return Files.setLastModifiedTime(file, FileTime.from(NOW.minus(age)));
  }

  @Test
  void keepsEachTenantsInAFolderOfItsOwnThatOthersCannotRead() throws IOException {
    Path file = files().next("acme/../x");
    assertThat(file.getParent()).isEqualTo(folder.resolve("tenant=acme%2F..%2Fx").toAbsolutePath());
    assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(file.getParent())))
        .isEqualTo("rwx------");
    assertThat(files().next("..").getParent().getParent()).isEqualTo(folder.toAbsolutePath());
  }

  @Test
  void removesWhatIsOldOfEveryTenant() throws IOException {
    Path old = write(files().next("acme"), 1, Duration.ofDays(3));
    Path older = write(folder.resolve("former.parquet"), 1, Duration.ofDays(9));
    Path young = write(files().next("acme"), 1, Duration.ofDays(1));
    files().next("other");
    assertThat(old).doesNotExist();
    assertThat(older).doesNotExist();
    assertThat(young).exists();
  }

  @Test
  void refusesWhatATenantHasNoRoomFor() throws IOException {
    Path first = write(files().next("acme"), 60, Duration.ZERO);
    files().written("acme", first);
    Path second = write(files().next("acme"), 60, Duration.ZERO);
    assertThatThrownBy(() -> files().written("acme", second))
        .hasMessage(
            "Cannot write a training set: the files of tenant acme take 100 bytes"
                + " (features.training-files-max)");
    assertThat(second).doesNotExist();
    write(files().next("acme"), 40, Duration.ZERO);
    assertThatThrownBy(() -> files().next("acme")).hasMessageContaining("training-files-max");
    files().next("other");
  }
}
