package dev.lode.gold;

import dev.lode.tables.Slice;
import dev.lode.tables.Snapshot;
import dev.lode.tables.TableName;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;

/** What a build has to do: decided from watermarks alone. */
sealed interface Plan {
  /** The key in a mart's progress under which it says which SQL its rows come from. */
  String DEFINITION = "lode.source.definition";

  /** ... and which tenants' rows are older than its watermarks, as theirs cannot be made. */
  String HELD = "lode.source.held-tenants";

  /** The mart shows the heads of its inputs. */
  record Nothing() implements Plan {}

  record Whole(String reason) implements Plan {}

  /** Only keys touched by {@code changes}. */
  record Touched(List<Slice> changes) implements Plan {
    public Touched {
      changes = List.copyOf(changes);
    }
  }

  /**
   * @param mart's own head; null before its first build
   * @param inputs each input's head; a null value where it was never committed to
   * @param forgotten inputs that can no longer tell what changed since the mart was built
   */
  static Plan of(Mart mart, Snapshot head, Map<TableName, Long> inputs, Set<TableName> forgotten) {
    if (head == null) {
      return new Whole("first build");
    }
    if (!mart.definition().equals(head.summary().get(DEFINITION))) {
      return new Whole("the mart was changed");
    }
    List<TableName> moved =
        mart.inputs().stream()
            .filter(input -> !Objects.equals(inputs.get(input), head.watermark(input)))
            .toList();
    if (moved.isEmpty()) {
      return new Nothing();
    }
    if (!mart.incremental()) {
      return new Whole("its inputs moved");
    }
    for (TableName input : moved) {
      if (mart.touch(input).isEmpty() || head.watermark(input) == null) {
        return new Whole(input + " moved");
      }
      if (forgotten.contains(input)) {
        return new Whole("the history of " + input + " has expired");
      }
    }
    return new Touched(
        moved.stream()
            .map(input -> Slice.changed(input, head.watermark(input), inputs.get(input)))
            .toList());
  }
}
