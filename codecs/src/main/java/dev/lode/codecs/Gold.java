package dev.lode.codecs;

/** The layer of marts: SQL models over Silver and over each other. One owner per mart. */
public sealed interface Gold extends Message {
  Address<Rebuild, Rebuilt> REBUILD = new Address<>("gold.rebuild", Rebuild.class, Rebuilt.class);
  Topic<Committed> COMMITTED = new Topic<>("gold.committed", Committed.class);

  /** One for each tenant of a commit; {@code rows} counts the keys that were built. */
  record Committed(String tenantId, String table, long snapshotId, long rows, boolean more)
      implements Gold {}

  /** Rebuilds {@code mart} from all its inputs, whether or not they have moved. */
  record Rebuild(String tenantId, String mart) implements Gold {}

  /**
   * {@code published} is false where a test of the mart failed; {@code reason} names test and rows.
   */
  record Rebuilt(
      String tenantId, String mart, long snapshotId, long rows, boolean published, String reason)
      implements Gold {}
}
