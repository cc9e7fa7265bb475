package dev.lode.codecs;

import java.util.List;
import java.util.UUID;

/**
 * The layer that keeps every byte. One owner per table: ask {@code
 * APPEND.owner(shards.owner(table))}.
 */
public sealed interface Bronze extends Message {
  Address<Append, Appended> APPEND = new Address<>("bronze.append", Append.class, Appended.class);
  Address<Refuse, Appended> REFUSE = new Address<>("bronze.refuse", Refuse.class, Appended.class);
  Address<Mark, Appended> MARK = new Address<>("bronze.mark", Mark.class, Appended.class);
  Topic<Committed> COMMITTED = new Topic<>("bronze.committed", Committed.class);

  /** Where records for unknown tenants are kept; its rows belong to tenant {@code _unknown}. */
  String UNKNOWN_TENANT_TABLE = "quarantine.unknown_tenant";

  /** What became of bodies that did not end well. */
  String BATCHES_TABLE = "system.ingest_batches";

  /** The table that holds an entity of a source: {@code bronze.retail_invoice_line}. */
  static String table(String source, String entity) {
    return "bronze." + source + "_" + entity;
  }

  /**
   * @param format {@code json} or {@code csv}: how to read the payloads
   * @param batchId names the body; from the idempotency key if {@code keyed}, else random
   * @param keyed records that an earlier append of the same batch had landed are left out; where
   *     what landed is of another body, nothing lands: KEY_REUSED
   * @param header the CSV header of these records, exactly as sent; null for JSON
   * @param before of the body's records before these; null where it has no key
   * @param whole the body ends with these records
   */
  record Append(
      String tenantId,
      String source,
      String entity,
      UUID batchId,
      boolean keyed,
      String format,
      Bytes header,
      List<Raw> records,
      Fingerprint before,
      boolean whole)
      implements Bronze {
    public Append {
      records = List.copyOf(records);
    }

    /** Of a body without a key. */
    public Append(
        String tenantId,
        String source,
        String entity,
        UUID batchId,
        String format,
        Bytes header,
        List<Raw> records) {
      this(tenantId, source, entity, batchId, false, format, header, records, null, false);
    }
  }

  /**
   * One record as it came.
   *
   * @param position its number in the body, from 1
   * @param payload its exact bytes, without the line end
   * @param defect null, or why it cannot be read ({@code malformed: ...}); Silver quarantines it
   * @param hash SHA-256 of the payload, where it is known already
   */
  record Raw(long position, Bytes payload, String defect, Bytes hash) {
    public Raw(long position, Bytes payload, String defect) {
      this(position, payload, defect, null);
    }
  }

  /** The answer comes after the commit; {@code duplicates} were landed before and are not again. */
  record Appended(String tenantId, String table, long snapshotId, long appended, long duplicates)
      implements Bronze {}

  /** Records of a tenant that is not in the configuration, kept apart from all tenants' rows. */
  record Refuse(String tenantId, Append append) implements Bronze {
    public static Refuse of(Append append) {
      return new Refuse("_unknown", append);
    }
  }

  /**
   * What became of a body: {@code incomplete}, or {@code whole} of one that was incomplete before.
   *
   * @param records that landed of it
   */
  record Mark(
      String tenantId,
      String source,
      String entity,
      UUID batchId,
      boolean whole,
      long records,
      String reason)
      implements Bronze {}

  record Committed(String tenantId, String table, long snapshotId, long records, boolean more)
      implements Bronze {}
}
