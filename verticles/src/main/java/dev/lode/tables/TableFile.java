package dev.lode.tables;

import static java.util.Objects.requireNonNull;

/**
 * A live data file.
 *
 * @param partition text that is equal for files of one partition
 * @param deleted of its records
 * @param sequence of the commit that wrote it: larger is younger
 */
public record TableFile(
    String location, String partition, long bytes, long records, long deleted, long sequence) {
  public TableFile {
    requireNonNull(location, "location is null");
    requireNonNull(partition, "partition is null");
  }
}
