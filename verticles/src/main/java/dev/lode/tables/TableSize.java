package dev.lode.tables;

/**
 * How large a table is now.
 *
 * @param records in its files, deleted ones too
 * @param manifests that a reader of the table opens
 * @param metadataBytes written anew by every commit
 */
public record TableSize(
    long files, long bytes, long records, long deleted, long manifests, long metadataBytes) {}
