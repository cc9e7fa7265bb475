package dev.lode.tables;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Path;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class EngineTest {
  @TempDir Path folder;
  private Engine engine;

  @BeforeEach
  void open() {
    engine = Engine.open(TestLake.options(folder));
  }

  @AfterEach
  void close() {
    engine.close();
  }

  @Test
  void usesAllThreadsOnlyWhileManyRowsAreRead() {
    try (Workspace few = engine.workspace()) {
      few.reads(TestLake.MANY_ROWS);
      assertThat(threads(few)).isEqualTo(1);
      try (Workspace many = engine.workspace()) {
        many.reads(TestLake.MANY_ROWS);
        many.reads(1);
        many.reads(1);
        assertThat(threads(few)).isEqualTo(2);
        few.reads(1);
      }
      assertThat(threads(few)).isEqualTo(2);
    }
    try (Workspace next = engine.workspace()) {
      assertThat(threads(next)).isEqualTo(1);
    }
  }

  @Test
  void triesToWidenAgainWhereItCouldNot() {
    try (Workspace locked = engine.workspace()) {
      locked.execute("SET lock_configuration=true");
      for (int i = 0; i < 2; i++) {
        assertThatThrownBy(() -> locked.reads(TestLake.MANY_ROWS + 1))
            .hasMessageStartingWith("Cannot set the engine's threads: ");
      }
    }
  }

  @Test
  void triesToNarrowAgainWhereItCouldNot() {
    Workspace wide = engine.workspace();
    wide.reads(TestLake.MANY_ROWS + 1);
    wide.execute("SET lock_configuration=true");
    assertThatThrownBy(wide::close).hasMessageStartingWith("Cannot set the engine's threads: ");
    Workspace next = engine.workspace();
    next.reads(TestLake.MANY_ROWS + 1);
    assertThat(threads(next)).isEqualTo(2);
    assertThatThrownBy(next::close).hasMessageStartingWith("Cannot set the engine's threads: ");
  }

  private static long threads(Workspace workspace) {
    return workspace.query("SELECT current_setting('threads')", 1).count();
  }
}
