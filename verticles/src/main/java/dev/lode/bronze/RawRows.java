package dev.lode.bronze;

import com.fasterxml.uuid.NoArgGenerator;
import dev.lode.codecs.Bronze;
import java.time.Instant;
import java.util.Iterator;
import java.util.List;
import java.util.NoSuchElementException;

/** The rows of a plan as the Bronze table wants them, made one by one while they are written. */
final class RawRows implements Iterable<Object[]> {
  private final List<Plan.Share> shares;
  private final NoArgGenerator lineageIds;
  private final Instant ingestTime;

  RawRows(Plan plan, NoArgGenerator lineageIds, Instant ingestTime) {
    this.shares = plan.shares().stream().filter(share -> share.landing() > 0).toList();
    this.lineageIds = lineageIds;
    this.ingestTime = ingestTime;
  }

  @Override
  public Iterator<Object[]> iterator() {
    return new Iterator<>() {
      private int share;
      private int record = shares.isEmpty() ? 0 : shares.getFirst().duplicates();

      @Override
      public boolean hasNext() {
        return share < shares.size();
      }

      @Override
      public Object[] next() {
        if (!hasNext()) {
          throw new NoSuchElementException();
        }
        Bronze.Append append = shares.get(share).append();
        boolean last = record == append.records().size() - 1;
        boolean ends = last && append.keyed() && append.whole();
        Object[] row = row(append, append.records().get(record), ends);
        record++;
        if (last) {
          share++;
          record = hasNext() ? shares.get(share).duplicates() : 0;
        }
        return row;
      }
    };
  }

  /** In the order of BronzeTable's fields. */
  private Object[] row(Bronze.Append append, Bronze.Raw raw, boolean ends) {
    byte[] payload = raw.payload().array();
    return new Object[] {
      append.tenantId(),
      lineageIds.generate(),
      append.source(),
      append.entity(),
      append.batchId(),
      raw.position(),
      ingestTime,
      null,
      "c",
      append.format(),
      append.header() == null ? null : append.header().array(),
      payload,
      Plan.hash(raw),
      raw.defect(),
      ends ? (Object) raw.position() : null
    };
  }
}
