package dev.lode.tables.keys;

import static dev.lode.tables.keys.KeyMatches.NO_ROW;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.lode.tables.keys.KeyTable.Row;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class KeyTableTest {
  private static final long MEMORY = 1 << 30;

  @TempDir Path folder;

  private record Hash(long high, long low) {}

  @ParameterizedTest
  @ValueSource(longs = {0, 100_000, MEMORY})
  void holdsWhatAMapWouldHoldInMemoryAndInFiles(long bytesMax) throws IOException {
    var random = new Random(bytesMax);
    var keys = new ArrayList<Hash>();
    for (int i = 0; i < 3000; i++) {
      // Few values in either half, so that buckets are crowded and hashes shared.
      long high = (long) random.nextInt(3) << 55 | random.nextInt(2000);
      long low = random.nextBoolean() ? random.nextInt(100) : random.nextLong() >>> 1;
      keys.add(new Hash(high, low));
    }
    Map<Hash, Set<Row>> expected = new HashMap<>();
    var memory = new IndexMemory(bytesMax, folder);
    var table = new KeyTable(memory, 0);
    for (int step = 0; step < 40_000; step++) {
      Hash key = keys.get(random.nextInt(keys.size()));
      if (random.nextInt(3) > 0) {
        var row = new Row(step, (1L << 48) - 1 - step);
        table.add(key.high, key.low, row);
        expected.computeIfAbsent(key, _ -> new HashSet<>()).add(row);
      } else {
        int odd = random.nextInt(2);
        table.removeIf(key.high, key.low, place -> place % 2 == odd);
        expected.getOrDefault(key, new HashSet<>()).removeIf(row -> row.place() % 2 == odd);
      }
    }

    assertHolds(table, expected);
    assertThat(table.bytes()).isLessThanOrEqualTo(bytesMax);
    var bytes = new ByteArrayOutputStream();
    table.write(new DataOutputStream(bytes));
    table.close();
    assertThat(memory.bytes()).isZero();
    var in = new DataInputStream(new ByteArrayInputStream(bytes.toByteArray()));
    try (var again = KeyTable.read(memory, in)) {
      assertHolds(again, expected);
    }
  }

  private static void assertHolds(KeyTable table, Map<Hash, Set<Row>> expected) {
    for (var entry : expected.entrySet()) {
      Set<Row> found = new HashSet<>();
      table.forEach(
          entry.getKey().high,
          entry.getKey().low,
          (place, rowId) -> assertThat(found.add(new Row(place, rowId))).isTrue());
      assertThat(found).isEqualTo(entry.getValue());
    }
    assertThat(table.size()).isEqualTo(expected.values().stream().mapToLong(Set::size).sum());
  }

  @Test
  void needsAtMostTwentyFourBytesARowHoweverItGrew() {
    var random = new Random(1);
    var memory = new IndexMemory(MEMORY, folder);
    try (var grown = new KeyTable(memory, 0)) {
      for (long place = 0; place < 2_000_000; place++) {
        grown.add(random.nextLong() >>> 1, random.nextLong() >>> 1, new Row(place, place));
        if (place % 50_000 == 0 && place >= 1_000_000) {
          assertThat(grown.bytes() / (double) grown.size()).isLessThanOrEqualTo(24);
        }
      }
    }
    try (var filled = new KeyTable(memory, 1_000_000)) {
      for (long place = 0; place < 1_000_000; place++) {
        filled.add(random.nextLong() >>> 1, random.nextLong() >>> 1, new Row(place, place));
      }
      assertThat(filled.bytes() / 1e6).isLessThanOrEqualTo(24);
    }
  }

  @Test
  void leavesNoFileBehindWhereItSpills() throws IOException {
    try (var table = new KeyTable(new IndexMemory(0, folder), 1000)) {
      table.add(1, 2, new Row(3, 4));
      try (var files = Files.list(folder)) {
        assertThat(files).isEmpty();
      }
    }
  }

  @Test
  void refusesWhatItCannotHold() {
    try (var table = new KeyTable(new IndexMemory(MEMORY, folder), 0)) {
      assertThatThrownBy(() -> table.add(1, 1, new Row(1L << 32, 5)))
          .isInstanceOf(IllegalArgumentException.class)
          .hasMessage("Cannot index row 5 at place 4294967296 (must be below 2^48 and 2^32 - 1)");
      assertThatThrownBy(() -> table.add(1, 1, new Row(0, 1L << 48)))
          .isInstanceOf(IllegalArgumentException.class)
          .hasMessage(
              "Cannot index row 281474976710656 at place 0 (must be below 2^48 and 2^32 - 1)");
    }
  }

  @Test
  void tellsWhatABatchReplacesAndDeletes() {
    try (var table = new KeyTable(new IndexMemory(MEMORY, folder), 0)) {
      table.add(1, 1, new Row(10, 100));
      table.add(2, 2, new Row(5, 200));
      table.add(3, 3, new Row(7, 300));
      table.add(3, 3, new Row(9, 250));
      table.add(4, 4, new Row(8, 400));
      var batch = new KeyBatch();
      List.of(3L, 9L, 1L, 4L, 3L).forEach(key -> batch.add(key, key));

      var matches = batch.match(table, place -> place != 8);

      assertThat(matches.rowIds(4)).containsExactly(250L, NO_ROW, 100L, NO_ROW);
      assertThat(matches.places()).containsExactly(7, 9, 10);
      batch.removeFrom(table, 2);
      assertThat(table.size()).isOne();
      table.forEach(2, 2, (place, rowId) -> assertThat(rowId).isEqualTo(200));
    }
  }

  @Test
  void putsARowInPlaceOfOneOfItsKeyThatIsGone() {
    try (var table = new KeyTable(new IndexMemory(MEMORY, folder), 0)) {
      table.add(1, 1, new Row(10, 100));
      table.put(1, 1, new Row(11, 100), place -> place == 10);
      table.put(1, 1, new Row(12, 101), place -> false);
      var found = new HashSet<Row>();
      table.forEach(1, 1, (place, rowId) -> found.add(new Row(place, rowId)));

      assertThat(found).containsExactlyInAnyOrder(new Row(11, 100), new Row(12, 101));
      assertThat(table.size()).isEqualTo(2);
    }
  }

  @Test
  void numbersTheRowsOfFilesOnceEach() {
    var numbers = new FileNumbers();
    numbers.add("a", 10, 0);
    numbers.add("b", 5, 1);
    numbers.add("c", 1, 0);
    numbers.retain(List.of("a", "c"));
    numbers.died("a", 3);

    assertThat(numbers.at(9)).isEqualTo(new FileNumbers.File("a", 0, 10, 3));
    assertThat(numbers.at(12)).isNull();
    assertThat(numbers.at(15).location()).isEqualTo("c");
    assertThat(numbers.at(16)).isNull();
    assertThat(numbers.add("b", 5, 1).first()).isEqualTo(16);
    assertThat(numbers.hasRoom((1L << 32) - 1 - 21)).isTrue();
    assertThat(numbers.hasRoom((1L << 32) - 21)).isFalse();
  }

  @Test
  void takesOnlyACheckpointThatIsWholeAndOfItsShape() throws IOException {
    var numbers = new FileNumbers();
    numbers.add("a", 10, 2);
    var memory = new IndexMemory(MEMORY, folder);
    Path file = folder.resolve("7.keys");
    try (var table = new KeyTable(memory, 0);
        var out = Files.newOutputStream(file)) {
      table.add(1, 2, new Row(3, 4));
      new Checkpoint("t id", "seed", 7, numbers, table).write(out);
    }

    var read = Checkpoint.read(file, "t id", memory).orElseThrow();
    assertThat(read.seed()).isEqualTo("seed");
    assertThat(read.snapshot()).isEqualTo(7);
    assertThat(read.files().at("a")).isEqualTo(new FileNumbers.File("a", 0, 10, 2));
    read.rows().forEach(1, 2, (place, rowId) -> assertThat(place + rowId).isEqualTo(7));
    assertThat(read.rows().size()).isOne();
    assertThat(Checkpoint.read(file, "t name", memory)).isEmpty();

    byte[] bytes = Files.readAllBytes(file);
    bytes[bytes.length / 2] ^= 1;
    Files.write(file, bytes);
    assertThat(Checkpoint.read(file, "t id", memory)).isEmpty();
    Files.write(file, new byte[] {1, 2, 3});
    assertThat(Checkpoint.read(file, "t id", memory)).isEmpty();
  }
}
