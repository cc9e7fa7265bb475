package dev.lode.silver;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.lode.codecs.Failure;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Arrays;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class HmacKeyTest {
  @TempDir Path data;

  @Test
  void aGeneratedKeyIsMadeOnceForItsOwnerAlone() throws IOException {
    var first = HmacKey.load("generated", data).row();
    Path file = data.resolve("secrets/hmac.key");

    assertThat(HmacKey.load("generated", data).row()).isEqualTo(first);
    assertThat(Files.size(file)).isEqualTo(32);
    assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(file)))
        .isEqualTo("rw-------");
    try (var files = Files.list(file.getParent())) {
      assertThat(files).containsExactly(file);
    }
  }

  @Test
  void theBlocksAreTheKeyPaddedAndXored() throws IOException {
    byte[] inner = (byte[]) HmacKey.load("generated", data).row()[0];
    byte[] key = Files.readAllBytes(data.resolve("secrets/hmac.key"));

    assertThat(inner).hasSize(64);
    assertThat(inner[0]).isEqualTo((byte) (key[0] ^ 0x36));
    assertThat(Arrays.copyOfRange(inner, 32, 64)).containsOnly(0x36);
  }

  @Test
  void aKeyFromTheEnvironmentMustBeThere() {
    assertThat(HmacKey.load("env:KEY", data, name -> name + " of sixteen bytes").row())
        .isEqualTo(HmacKey.load("env:OTHER", data, name -> "KEY of sixteen bytes").row());
    assertThatThrownBy(() -> HmacKey.load("env:KEY", data, name -> "short"))
        .isInstanceOf(Failure.class)
        .hasMessage("Cannot read silver.hmac-key: KEY is not set to at least 16 bytes");
    assertThatThrownBy(() -> HmacKey.load("abcdef", data))
        .isInstanceOf(Failure.class)
        .hasMessageContaining("must be generated or env:NAME");
  }

  @Test
  void aDamagedKeyIsRefusedRatherThanReplaced() throws IOException {
    Files.createDirectories(data.resolve("secrets"));
    Files.write(data.resolve("secrets/hmac.key"), new byte[5]);

    assertThatThrownBy(() -> HmacKey.load("generated", data))
        .isInstanceOf(Failure.class)
        .hasMessageEndingWith("hmac.key: it has 5 bytes (must be 32)");
  }
}
