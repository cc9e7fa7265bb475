package dev.lode.maintenance;

import static org.assertj.core.api.Assertions.assertThat;

import dev.lode.tables.TableFile;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class CompactionTest {
  private static final long KB = 1 << 10;
  private static final long MB = 1 << 20;
  private static final Compaction COMPACTION = new Compaction(128 * MB, 4, 0.3);

  @Test
  void leavesFewSmallFilesAlone() {
    assertThat(COMPACTION.groups(files(3, "a", 10 * KB))).isEmpty();
  }

  @Test
  void makesManySmallFilesOneInTheirOrder() {
    var files = files(4, "a", 10 * KB);

    assertThat(COMPACTION.groups(files)).containsExactly(files);
  }

  @Test
  void neverMixesPartitions() {
    var files = new ArrayList<>(files(3, "a", 10 * KB));
    files.addAll(files(3, "b", 10 * KB));

    assertThat(COMPACTION.groups(files)).isEmpty();
  }

  @Test
  void doesNotMoveALargeFileForTheSakeOfSmallOnes() {
    var large = file("large", 60 * MB, 100, 0);
    var files = new ArrayList<>(files(4, "a", 10 * KB));
    files.add(large);

    assertThat(COMPACTION.groups(files).getFirst()).hasSize(4).doesNotContain(large);
  }

  @Test
  void makesFilesNoLargerThanTheTarget() {
    var groups = COMPACTION.groups(files(10, "a", 40 * MB));

    assertThat(groups)
        .allSatisfy(
            group ->
                assertThat(group.stream().mapToLong(TableFile::bytes).sum())
                    .isLessThanOrEqualTo(128 * MB));
    assertThat(groups.stream().mapToInt(List::size).sum()).isEqualTo(9);
  }

  @Test
  void leavesFilesAloneThatAreLargeEnough() {
    assertThat(COMPACTION.groups(files(10, "a", 100 * MB))).isEmpty();
  }

  @Test
  void rewritesAFileThatIsFullOfDeletesAlone() {
    var full = file("full", 120 * MB, 100, 30);
    var small = file("small", 1 * MB, 100, 100);
    var fine = file("fine", 120 * MB, 100, 29);

    assertThat(COMPACTION.groups(List.of(full, small, fine)))
        .containsExactlyInAnyOrder(List.of(full), List.of(small));
  }

  @Test
  void comesToAnEndWhateverTheSizes() {
    for (int commits : new int[] {10, 100, 1000, 10_000}) {
      var files = new ArrayList<>(files(commits, "a", 3 * KB));
      long moved = 0;
      for (var groups = COMPACTION.groups(files);
          !groups.isEmpty();
          groups = COMPACTION.groups(files)) {
        var group = groups.getFirst();
        long bytes = group.stream().mapToLong(TableFile::bytes).sum();
        moved += bytes;
        files.removeAll(group);
        files.add(file("after" + moved, bytes, 1, 0));
      }
      assertThat(files).hasSizeLessThan(4 * 8);
      assertThat(moved).isLessThan(6L * commits * 3 * KB);
    }
  }

  private static List<TableFile> files(int count, String partition, long bytes) {
    return IntStream.range(0, count)
        .mapToObj(i -> new TableFile(partition + i, partition, bytes, 100, 0, 1))
        .toList();
  }

  private static TableFile file(String location, long bytes, long records, long deleted) {
    return new TableFile(location, "a", bytes, records, deleted, 1);
  }
}
