package dev.lode.codecs;

import java.util.List;

/**
 * The door: a body is opened, sent in chunks, and closed; the answer to {@link Close} comes after
 * the Bronze commit. A reply to {@link Chunk} is the permission to send the next one: that is the
 * back-pressure. A stream that is silent for {@code ingest.idle-timeout} is aborted.
 */
public sealed interface Ingest extends Message {
  Address<Open, Opened> OPEN = new Address<>("ingest.open", Open.class, Opened.class);
  Address<Chunk, Taken> CHUNK = new Address<>("ingest.chunk", Chunk.class, Taken.class);
  Address<Close, Ingested> CLOSE = new Address<>("ingest.close", Close.class, Ingested.class);

  /**
   * @param format {@code ndjson}, {@code json} (one array or object) or {@code csv} (first record
   *     is the header)
   * @param idempotencyKey the caller's name for this body, or null; the same key never lands twice
   */
  record Open(String tenantId, String source, String entity, String format, String idempotencyKey)
      implements Ingest {}

  /**
   * {@code owner} is the shard that holds the stream: send its chunks to {@code
   * CHUNK.owner(owner)}.
   */
  record Opened(String tenantId, String streamId, int owner) implements Ingest {}

  /** Bytes in order, cut anywhere. */
  record Chunk(String tenantId, String streamId, Bytes bytes) implements Ingest {}

  /** {@code lines}: records read so far, good and bad. */
  record Taken(String tenantId, String streamId, long lines) implements Ingest {}

  /** {@code aborted}: the caller went away; the rest is not expected. */
  record Close(String tenantId, String streamId, boolean aborted) implements Ingest {}

  /**
   * @param received records in the body; accepted + duplicates + quarantined
   * @param duplicates records that an earlier body with the same key had landed already
   * @param quarantined malformed records: in Bronze with their defect, and from there in quarantine
   * @param snapshotId the Bronze snapshot that holds the last of them; 0 for an empty body
   * @param defects the first {@code ingest.defects-max} of them
   */
  record Ingested(
      String tenantId,
      String batchId,
      String table,
      long snapshotId,
      long received,
      long accepted,
      long duplicates,
      long quarantined,
      List<Defect> defects)
      implements Ingest {
    public Ingested {
      defects = List.copyOf(defects);
    }

    /** Records that this body, and none before it, brought to Bronze. */
    public long landed() {
      return accepted + quarantined;
    }

    /** {@code cause}, which ended the body early, with what came of the body until then. */
    public Failure because(Failure cause) {
      String some = "%d of its records have landed: batch %s is marked incomplete";
      String told = landed() == 0 ? "nothing of the body has landed" : some;
      told = told.formatted(landed(), batchId);
      return new Failure(cause.code(), cause.getMessage() + "; " + told, cause.hint());
    }
  }

  /**
   * {@code line} counts from 1; {@code code} is {@code malformed}, {@code encoding}, {@code
   * too_long}…
   */
  record Defect(long line, String code, String reason) {}
}
