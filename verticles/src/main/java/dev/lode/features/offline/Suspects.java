package dev.lode.features.offline;

import dev.lode.features.spec.View;
import dev.lode.features.spec.View.Keeps;
import java.util.ArrayList;
import java.util.List;

/**
 * Evaluates a few of the touched entities at a time: {@code suspects} are all of them, numbered,
 * {@code touched} those of one statement, and {@code isolated} gathers what the statements leave in
 * {@code fresh}.
 */
public final class Suspects {
  private static final int REASON_MAX = 300;

  private final View view;
  private final String keys;

  public Suspects(View view) {
    this.view = view;
    this.keys = Sql.keys(view);
  }

  /** Statements to begin with. */
  public List<String> begin() {
    return List.of(
        """
        CREATE OR REPLACE TEMP TABLE suspects AS
        SELECT *, row_number() OVER (ORDER BY %s) - 1 AS _number FROM touched\
        """
            .formatted(keys),
        "CREATE OR REPLACE TEMP TABLE isolated AS SELECT %s FROM emitted LIMIT 0"
            .formatted(columns()));
  }

  private String columns() {
    var columns = new ArrayList<>(view.keyNames());
    columns.add("event_timestamp");
    if (view.source().created() != null) {
      columns.add("created");
    }
    columns.add("lineage_id");
    columns.addAll(Sql.features(view));
    columns.add(History.INVALID);
    return Sql.names(columns);
  }

  public String touch(long from, long to) {
    return """
    CREATE OR REPLACE TEMP TABLE touched AS SELECT * EXCLUDE (_number) FROM suspects
    WHERE _number >= %d AND _number < %d\
    """
        .formatted(from, to);
  }

  public String keep() {
    return "INSERT INTO isolated BY NAME FROM fresh";
  }

  /** Leaves {@code touched} and {@code fresh} of all of them. */
  public List<String> end() {
    return List.of(
        "CREATE OR REPLACE TEMP TABLE touched AS SELECT * EXCLUDE (_number) FROM suspects",
        "CREATE OR REPLACE TEMP TABLE fresh AS FROM isolated");
  }

  /**
   * Leaves, as {@code fresh}, of each entity of {@code touched} that nothing is known of it since
   * it was touched; of one that must be evaluated whole, since the first row that is recorded of
   * it.
   *
   * @param together how many of them the statement was tried for
   */
  public String failed(long together, String cause, long nowMicros) {
    String reason = cause.length() > REASON_MAX ? cause.substring(0, REASON_MAX) : cause;
    String invalid =
        "*: " + (together == 1 ? "" : "one of %d entities: ".formatted(together)) + reason;
    String first = view.source().keeps() == Keeps.HISTORY ? "min" : "max";
    return """
    CREATE OR REPLACE TEMP TABLE fresh AS
    SELECT %1$s, make_timestamptz(CASE WHEN _since > %2$d THEN _since
        ELSE coalesce(_recorded, %3$d) END) AS event_timestamp%4$s,
      CAST(NULL AS UUID) AS lineage_id, %5$s AS _invalid
    FROM touched LEFT JOIN (
      SELECT %1$s, %6$s(epoch_us(event_timestamp)) AS _recorded FROM history_rows
      WHERE NOT pushed AND NOT deleted GROUP BY ALL) USING (%1$s)\
    """
        .formatted(
            keys,
            Evaluation.EVER,
            nowMicros,
            view.source().created() == null ? "" : ", " + Sql.time(nowMicros) + " AS created",
            Sql.text(invalid),
            first);
  }
}
