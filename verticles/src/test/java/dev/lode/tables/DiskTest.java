package dev.lode.tables;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Instant;
import java.util.List;
import java.util.function.IntConsumer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A disk that is full, or fails to sync, at each step of a write in turn. */
class DiskTest {
  private static final TableName TABLE = TableName.of("silver.thing");
  private static final List<String> KEY = List.of("tenant_id", "id");
  private static final TableSpec SPEC =
      new TableSpec(
          TABLE,
          List.of(
              TableSpec.Field.required("tenant_id", "VARCHAR", "tenant"),
              TableSpec.Field.required("id", "BIGINT", "number")),
          KEY,
          List.of("tenant_id"),
          "Things.");

  @TempDir Path folder;
  private final FailingDisk disk = new FailingDisk();
  private Lake lake;
  private long rows;

  /** Fails once, at the write or the sync whose turn it is. */
  private static final class FailingDisk extends Disk {
    private int writesLeft = Integer.MAX_VALUE;
    private int syncsLeft = Integer.MAX_VALUE;

    FailingDisk() {
      super(true);
    }

    void fillAt(int write) {
      writesLeft = write;
      syncsLeft = Integer.MAX_VALUE;
    }

    void failAt(int sync) {
      syncsLeft = sync;
      writesLeft = Integer.MAX_VALUE;
    }

    @Override
    void write(FileChannel channel, ByteBuffer bytes) throws IOException {
      if (writesLeft-- == 0) {
        channel.write(bytes.slice(0, bytes.remaining() / 2));
        throw new IOException("No space left on device");
      }
      super.write(channel, bytes);
    }

    @Override
    void sync(FileChannel channel) throws IOException {
      if (syncsLeft-- == 0) {
        throw new IOException("Input/output error");
      }
      super.sync(channel);
    }
  }

  @BeforeEach
  void open() {
    LakeOptions usual = TestLake.options(folder);
    var options =
        new LakeOptions(
            usual.catalogUrl(),
            usual.warehouse(),
            usual.scratch(),
            usual.memory(),
            usual.threads(),
            usual.narrowRowsMax(),
            usual.recentRowsMax(),
            usual.keyIndexBytesMax(),
            usual.sessionsMax(),
            usual.sessionWait(),
            true,
            Clock.systemUTC());
    lake = Lake.open(options, Writer.THIS_PROCESS, disk);
    lake.ensure(SPEC);
    append();
    upsert();
  }

  @AfterEach
  void close() {
    lake.close();
  }

  @Test
  void hasNothingOfAnAppendThatFoundTheDiskFull() {
    failsAtEachStep(disk::fillAt, this::append, "No space left on device");
  }

  @Test
  void hasNothingOfAnAppendWhoseSyncFailed() {
    failsAtEachStep(disk::failAt, this::append, "Input/output error");
  }

  @Test
  void hasNothingOfAnUpsertThatFoundTheDiskFull() {
    failsAtEachStep(disk::fillAt, this::upsert, "No space left on device");
  }

  @Test
  void hasNothingOfAnUpsertWhoseSyncFailed() {
    failsAtEachStep(disk::failAt, this::upsert, "Input/output error");
  }

  /** The first step that there is none of lets it pass. */
  private void failsAtEachStep(IntConsumer fault, Runnable write, String why) {
    int step = 0;
    for (boolean isDone = false; !isDone; step++) {
      long before = rows;
      fault.accept(step);
      try {
        write.run();
        isDone = true;
      } catch (UncheckedIOException e) {
        assertThat(e).hasStackTraceContaining(why);
        rows = before;
      }
      fault.accept(Integer.MAX_VALUE);
      assertThat(found()).as("after a failure at step %d", step).isEqualTo(rows);
    }
    assertThat(step).as("steps that failed, and one that did not").isGreaterThan(3);
    write.run();
    assertThat(found()).isEqualTo(rows);
    leavesNothingBehind();
  }

  private void append() {
    rows++;
    lake.append(TABLE, List.<Object[]>of(new Object[] {"t", rows}), Progress.NONE);
  }

  /** One that is there already, and a new one. */
  private void upsert() {
    rows++;
    String select =
        "SELECT * FROM (VALUES ('t', 1::BIGINT), ('t', %d::BIGINT)) AS t(tenant_id, id)"
            .formatted(rows);
    try (var session = lake.session()) {
      session.upsert(TABLE, new Upsert(KEY, select, null), Progress.NONE);
    }
  }

  private long found() {
    try (var session = lake.session()) {
      session.bind("shown", Slice.now(TABLE));
      return session.query("SELECT DISTINCT id FROM shown", 10_000).rows().size();
    }
  }

  private void leavesNothingBehind() {
    lake.upkeep().remove(TABLE, lake.upkeep().orphans(TABLE, Instant.ofEpochMilli(Long.MAX_VALUE)));
    assertThat(lake.upkeep().orphans(TABLE, Instant.ofEpochMilli(Long.MAX_VALUE)).locations())
        .isEmpty();
    assertThat(found()).isEqualTo(rows);
  }
}
