package dev.lode.features.online;

import dev.lode.codecs.ErrorCode;
import dev.lode.codecs.Failure;
import java.time.Instant;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import java.util.function.UnaryOperator;

/** How far each view is, told by its owner, read by all. Thread-safe. */
public final class ViewStates {
  private final ConcurrentMap<String, State> states = new ConcurrentHashMap<>();

  /**
   * @param ready the online store shows the offline table
   * @param snapshotId of the offline table that is shown; null where it is empty
   * @param rows versions in the offline table
   * @param watermarks source table to the snapshot that was consumed
   * @param behindSince when the oldest source snapshot not yet consumed was seen; null for none
   * @param error why the last run failed; null where it did not
   * @param refused rows of the source left out because a value was not finite, since the start
   */
  public record State(
      boolean ready,
      Long snapshotId,
      long rows,
      Map<String, Long> watermarks,
      Instant behindSince,
      String error,
      long refused) {
    static final State INITIAL = new State(false, null, 0, Map.of(), null, null, 0);

    public State showing(long snapshot, long historyRows, Map<String, Long> consumed) {
      return new State(true, snapshot, historyRows, Map.copyOf(consumed), null, null, refused);
    }

    public State loaded() {
      return new State(true, snapshotId, rows, watermarks, behindSince, error, refused);
    }

    public State behind(Instant since) {
      Instant first = behindSince == null ? since : behindSince;
      return new State(ready, snapshotId, rows, watermarks, first, error, refused);
    }

    public State failed(String cause) {
      return new State(ready, snapshotId, rows, watermarks, behindSince, cause, refused);
    }

    public State refused(long more) {
      return new State(ready, snapshotId, rows, watermarks, behindSince, error, refused + more);
    }
  }

  public State of(String view) {
    return states.getOrDefault(view, State.INITIAL);
  }

  public void update(String view, UnaryOperator<State> change) {
    states.compute(view, (name, state) -> change.apply(state == null ? State.INITIAL : state));
  }

  /** Whose online store is whole; OWNER_BUSY where it is still being built. */
  public State ready(String view) {
    State state = of(view);
    if (!state.ready()) {
      throw new Failure(
          ErrorCode.OWNER_BUSY, "Cannot read " + view + ": its online store is being built");
    }
    return state;
  }
}
