package dev.lode.ingest;

import static java.util.Objects.requireNonNull;

import dev.lode.codecs.Bronze;
import dev.lode.codecs.Bytes;
import dev.lode.codecs.Failure;
import dev.lode.codecs.Fingerprint;
import dev.lode.codecs.Ingest;
import dev.lode.codecs.Ingest.Defect;
import dev.lode.config.LodeConfig;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.UUID;

/** One open body: its bytes become records, and its records appends for Bronze. No I/O. */
final class Body implements Splitter.Sink {
  /** What a record in memory costs besides its payload. */
  private static final int RECORD_OVERHEAD = 64;

  private final Ingest.Open open;
  private final UUID batchId;
  private final LodeConfig.Ingest limits;
  private final Splitter splitter;
  private final Deque<Bronze.Append> full = new ArrayDeque<>();
  private final List<Defect> defects = new ArrayList<>();
  private List<Bronze.Raw> gathered = new ArrayList<>();
  private long gatheredBytes;
  private Bytes header;
  private long records;
  private Fingerprint before = Fingerprint.NONE;
  private boolean finished;

  Body(Ingest.Open open, UUID batchId, LodeConfig.Ingest limits) {
    this.open = requireNonNull(open, "open is null");
    this.batchId = requireNonNull(batchId, "batchId is null");
    this.limits = requireNonNull(limits, "limits is null");
    this.splitter = splitter(open.format(), limits.lineMax().intBytes(), this);
  }

  private static Splitter splitter(String format, int lineMax, Splitter.Sink sink) {
    return switch (format) {
      case "ndjson" -> new NdjsonSplitter(lineMax, sink);
      case "json" -> new JsonSplitter(lineMax, sink);
      case "csv" -> new CsvSplitter(lineMax, sink);
      case null, default ->
          throw Failure.invalid("Invalid format: " + format + " (must be ndjson, json or csv)");
    };
  }

  Ingest.Open open() {
    return open;
  }

  UUID batchId() {
    return batchId;
  }

  /** Records read so far, good and bad. */
  long records() {
    return records;
  }

  /** The first {@code ingest.defects-max}. */
  List<Defect> defects() {
    return defects;
  }

  void feed(byte[] bytes) {
    splitter.feed(bytes);
  }

  void finish() {
    splitter.finish();
    finished = true;
  }

  /** Has a key: the last record must tell that the body is whole. */
  boolean keyed() {
    return open.idempotencyKey() != null;
  }

  /** Bytes of records that no append has yet. */
  long gatheredBytes() {
    return gatheredBytes;
  }

  /** Every record has left. */
  boolean isEmpty() {
    return full.isEmpty() && gathered.isEmpty();
  }

  /** A whole append waits to be sent. */
  boolean hasFull() {
    return !full.isEmpty();
  }

  /**
   * The next append, a smaller one if {@code partial} and nothing else is left; null for none. Of a
   * keyed body the last record stays until it is known to be that.
   */
  Bronze.Append next(boolean partial) {
    if (full.isEmpty() && partial && keyed() && !finished) {
      cutAllButTheLast();
    } else if (full.isEmpty() && partial && !gathered.isEmpty()) {
      cut(finished);
    }
    return full.poll();
  }

  private void cutAllButTheLast() {
    if (gathered.size() > 1) {
      Bronze.Raw last = gathered.removeLast();
      cut(false);
      add(last);
    }
  }

  /** What {@code append} keeps of memory, in bytes. */
  static long retained(Bronze.Append append) {
    long bytes = 0;
    for (Bronze.Raw raw : append.records()) {
      bytes += raw.payload().length() + RECORD_OVERHEAD;
    }
    return bytes;
  }

  @Override
  public void header(byte[] bytes) {
    header = Bytes.of(bytes);
    before = Fingerprint.of(header);
  }

  @Override
  public void record(byte[] payload, Defect defect) {
    records++;
    if (defect != null && defects.size() < limits.defectsMax()) {
      defects.add(defect);
    }
    String reason = defect == null ? null : defect.code() + ": " + defect.reason();
    Bytes hash = keyed() ? Bytes.of(Fingerprint.sha256(payload)) : null;
    if (keyed() && isFull()) {
      cut(false);
    }
    add(new Bronze.Raw(records, Bytes.of(payload), reason, hash));
    if (!keyed() && isFull()) {
      cut(false);
    }
  }

  private void add(Bronze.Raw raw) {
    gathered.add(raw);
    gatheredBytes += raw.payload().length() + RECORD_OVERHEAD;
  }

  private boolean isFull() {
    return gathered.size() >= limits.chunkRecords() || gatheredBytes >= limits.chunkBytes().bytes();
  }

  private void cut(boolean whole) {
    full.add(
        new Bronze.Append(
            open.tenantId(),
            open.source(),
            open.entity(),
            batchId,
            keyed(),
            open.format().equals("csv") ? "csv" : "json",
            header,
            gathered,
            keyed() ? before : null,
            whole));
    for (Bronze.Raw raw : keyed() ? gathered : List.<Bronze.Raw>of()) {
      before = before.plus(raw.position(), raw.hash().array());
    }
    gathered = new ArrayList<>();
    gatheredBytes = 0;
  }
}
