package dev.lode.tables;

import static org.assertj.core.api.Assertions.assertThat;

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
      few.reads(Engine.NARROW_ROWS_MAX);
      assertThat(threads(few)).isEqualTo(1);
      try (Workspace many = engine.workspace()) {
        many.reads(Engine.NARROW_ROWS_MAX);
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

  private static long threads(Workspace workspace) {
    return workspace.query("SELECT current_setting('threads')", 1).count();
  }
}
