package dev.lode.maintenance;

import dev.lode.tables.TableFile;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Which files are to become one. Files of a partition are compacted with files of like size, so
 * that a row is moved once for each time its file grows sixteenfold, not with each commit. A file
 * that is full of deletes is rewritten alone.
 *
 * @param targetBytes files grow to this
 * @param filesMin of like size, before they are compacted
 * @param deleteRatio of deleted rows from which on a file is rewritten
 */
record Compaction(long targetBytes, int filesMin, double deleteRatio) {
  private static final int BITS_PER_TIER = 4;
  private static final int FILES_MAX = 1000;

  /** Files of one partition and of like size. */
  private record Tier(String partition, int size) {}

  /**
   * @param files oldest first
   * @return what each new file is made of, most files first
   */
  List<List<TableFile>> groups(List<TableFile> files) {
    var groups = new ArrayList<List<TableFile>>();
    Map<Tier, List<TableFile>> tiers = new LinkedHashMap<>();
    for (TableFile file : files) {
      if (isSmall(file)) {
        tiers.computeIfAbsent(tier(file), tier -> new ArrayList<>()).add(file);
      } else if (isFullOfDeletes(file)) {
        groups.add(List.of(file));
      }
    }
    for (List<TableFile> tier : tiers.values()) {
      if (tier.size() >= filesMin) {
        groups.addAll(packed(tier));
      } else {
        tier.stream().filter(this::isFullOfDeletes).forEach(file -> groups.add(List.of(file)));
      }
    }
    groups.sort(Comparator.comparing((List<TableFile> group) -> group.size()).reversed());
    return groups;
  }

  /** Less than three quarters of the target: two such files may still fit well into one. */
  private boolean isSmall(TableFile file) {
    return file.bytes() < targetBytes / 4 * 3;
  }

  private boolean isFullOfDeletes(TableFile file) {
    return file.deleted() > 0 && file.deleted() >= deleteRatio * file.records();
  }

  private static Tier tier(TableFile file) {
    return new Tier(
        file.partition(),
        (Long.SIZE - Long.numberOfLeadingZeros(live(file) >> 12)) / BITS_PER_TIER);
  }

  /** Bytes that are left when the deleted rows are gone. */
  private static long live(TableFile file) {
    return file.bytes() * (file.records() - file.deleted()) / Math.max(1, file.records());
  }

  /** In their order, as many as make a file of the target's size. */
  private List<List<TableFile>> packed(List<TableFile> tier) {
    var groups = new ArrayList<List<TableFile>>();
    var group = new ArrayList<TableFile>();
    long bytes = 0;
    for (TableFile file : tier) {
      if (!group.isEmpty() && (bytes + live(file) > targetBytes || group.size() == FILES_MAX)) {
        groups.add(List.copyOf(group));
        group.clear();
        bytes = 0;
      }
      group.add(file);
      bytes += live(file);
    }
    groups.add(List.copyOf(group));
    groups.removeIf(small -> small.size() == 1 && !isFullOfDeletes(small.getFirst()));
    return groups;
  }
}
