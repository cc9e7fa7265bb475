package dev.lode.silver.sql;

import dev.lode.silver.contract.Contract;
import dev.lode.silver.contract.Property;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.List;
import java.util.UUID;
import java.util.function.Function;
import java.util.stream.Collectors;

/**
 * Values that a source did not send because they did not change: a record keeps what the row had
 * that it changes, in the batch or before it; under its former key, where it moved. One whose row
 * is not there is rejected.
 */
public final class Unsent {
  /** What is known of the keys of {@link #keys}; bound before {@link #events}. */
  public static final String BASE = "unsent_base";

  /** The rule that a record breaks whose row is not there. */
  static final String RULE = "unavailable";

  private static final String EVENTS = "unsent_events";
  private static final String SETTLED = "unsent_settled";

  private final Contract contract;
  private final String keys;
  private final List<Property> values;
  private final boolean moves;

  public Unsent(Contract contract) {
    this.contract = contract;
    this.keys = Quote.names(contract.key());
    this.values =
        contract.properties().stream()
            .filter(property -> !contract.key().contains(property.name()))
            .toList();
    this.moves = !contract.formerKey().isEmpty();
  }

  /** Whether something stands for such values. */
  public boolean possible() {
    return contract.upserts() && contract.unavailable() != null && !values.isEmpty();
  }

  /** {@code _unsent}, of the stage {@code raw}: the names of the columns. */
  String columns() {
    if (!possible()) {
      return "";
    }
    String some = each(property -> isUnsent(property), " OR ");
    String names =
        each(property -> "CASE WHEN %s THEN %s END".formatted(isUnsent(property), text(property)));
    return "CASE WHEN _op = 'u' AND (%s) THEN list_filter([%s], lambda one: one IS NOT NULL)"
            .formatted(some, names)
        + " ELSE []::VARCHAR[] END AS _unsent, ";
  }

  private String isUnsent(Property property) {
    return "coalesce(replace(%s, ' ', '') IN (%s), false)"
        .formatted(Quote.name("_raw_" + property.name()), Quote.texts(forms()));
  }

  /** As connectors write it in columns of texts, bytes, lists, and maps. */
  private List<String> forms() {
    String placeholder = contract.unavailable().replace(" ", "");
    byte[] bytes = placeholder.getBytes(StandardCharsets.UTF_8);
    String codes =
        placeholder.chars().mapToObj(String::valueOf).collect(Collectors.joining(",", "[", "]"));
    return List.of(
        placeholder,
        Base64.getEncoder().encodeToString(bytes),
        "[\"" + placeholder + "\"]",
        codes,
        "[\"" + UUID.nameUUIDFromBytes(bytes) + "\"]",
        "{\"%1$s\":\"%1$s\"}".formatted(placeholder));
  }

  /** {@code text}, but none where the value was not sent. */
  String sent(Property property, String text) {
    return possible() && values.contains(property)
        ? "CASE WHEN NOT list_contains(_unsent, %s) THEN %s END".formatted(text(property), text)
        : text;
  }

  /** {@code condition}, but false where it would judge a value that was not sent. */
  String judged(String column, String condition) {
    return possible() && values.stream().anyMatch(property -> property.name().equals(column))
        ? "(NOT list_contains(_unsent, %s) AND (%s))".formatted(Quote.text(column), condition)
        : condition;
  }

  /** One row: how many accepted records did not send a value, and how many of them moved. */
  public String counts() {
    return "SELECT count(*), count(*) FILTER (WHERE %s) FROM %s WHERE len(_unsent) > 0 AND %s"
        .formatted(moves ? "_moved" : "false", Outputs.OUTCOME, "_rejected IS NULL");
  }

  /** Keys to look {@link #BASE} up by. */
  public String keys() {
    String own =
        "SELECT DISTINCT tenant_id, %s FROM %s WHERE len(_unsent) > 0"
            .formatted(keys, Outputs.OUTCOME);
    return moves
        ? own
            + " UNION SELECT tenant_id, %s FROM %s WHERE len(_unsent) > 0"
                .formatted(former(), Outputs.OUTCOME)
        : own;
  }

  private String former() {
    return contract.key().stream()
        .map(name -> Quote.name(Contract.former(name)) + " AS " + Quote.name(name))
        .collect(Collectors.joining(", "));
  }

  /**
   * Leaves what is known and what comes as events, each with the values that it tells.
   *
   * @param stateful whether {@link #BASE} is bound
   */
  public String events(boolean stateful) {
    String place = "{o: _ordering, l: lineage_id}";
    String own =
        """
        SELECT tenant_id, %s, lineage_id, %s AS _place, _op = 'd' AS _dead, false AS _half,
          %s AS _moved, false AS _base, len(_unsent) > 0 AS _open, %s
        FROM %s WHERE _rejected IS NULL AND _op <> 't'\
        """
            .formatted(
                keys,
                place,
                moves ? "_moved" : "false",
                each(property -> known(property, told(property), place)),
                Outputs.OUTCOME);
    String halves =
        """
         UNION ALL BY NAME SELECT tenant_id, %s, lineage_id, %s AS _place, true AS _dead,
          true AS _half, false AS _moved, false AS _base, false AS _open
        FROM %s WHERE _rejected IS NULL AND _moved\
        """
            .formatted(former(), place, Outputs.OUTCOME);
    return "CREATE TEMP TABLE %s AS %s %s %s"
        .formatted(EVENTS, own, moves ? halves : "", stateful ? base() : "");
  }

  private String base() {
    String place = "{o: %s, l: lineage_id}".formatted(new PlaceSql(contract).stored("_ordering"));
    String dead = contract.history() ? "_is_deleted" : "false";
    return """
     UNION ALL BY NAME SELECT tenant_id, %s, lineage_id, %s AS _place, %s AS _dead,
      false AS _half, false AS _moved, true AS _base, false AS _open, %s
    FROM %s\
    """
        .formatted(
            keys, place, dead, each(property -> known(property, "NOT " + dead, place)), BASE);
  }

  private static String told(Property property) {
    return "_op = 'u' AND NOT list_contains(_unsent, " + text(property) + ")";
  }

  private static String known(Property property, String told, String place) {
    return "CASE WHEN %s THEN {v: %s, p: %s} END AS %s"
        .formatted(told, Quote.name(property.name()), place, value(property));
  }

  /** Each event with the values of its row: null where the row is not there. */
  private String filled(boolean truncating) {
    return """
    (SELECT * REPLACE (%1$s) FROM (
      SELECT *, %2$s AS _since FROM (
        SELECT * REPLACE (%3$s), max(CASE WHEN _dead THEN _place WHEN _moved THEN %6$s END) OVER (
            PARTITION BY tenant_id, %4$s ORDER BY _place, _base DESC
            ROWS BETWEEN UNBOUNDED PRECEDING AND 1 PRECEDING) AS _began,
          max(CASE WHEN _base THEN _place END) OVER (PARTITION BY tenant_id, %4$s) AS _now
        FROM %5$s WINDOW so_far AS (
          PARTITION BY tenant_id, %4$s ORDER BY _place, _base DESC
          ROWS UNBOUNDED PRECEDING)) AS e))\
    """
        .formatted(
            each(
                property ->
                    "CASE WHEN _since IS NULL OR %1$s.p >= _since THEN %1$s END AS %1$s"
                        .formatted(value(property))),
            "greatest(_began, CASE WHEN _moved THEN %s END%s)"
                .formatted(moved(), truncating ? truncated() : ""),
            each(
                property ->
                    "last_value(%1$s IGNORE NULLS) OVER so_far AS %1$s".formatted(value(property))),
            keys,
            EVENTS,
            moved());
  }

  private static String truncated() {
    return """
    , (SELECT max(t._place) FROM (SELECT tenant_id, {o: _ordering, l: lineage_id} AS _place
       FROM %s WHERE _rejected IS NULL AND _op = 't') AS t
     WHERE t.tenant_id = e.tenant_id AND t._place < e._place)\
    """
        .formatted(Outputs.OUTCOME);
  }

  /** Since when a row has a key that it moved to; sent again, the record comes to what it made. */
  private String moved() {
    return contract.ordering().isEmpty()
        ? "_place"
        : "{o: _place.o, l: CAST('" + new UUID(0, 0) + "' AS UUID)}";
  }

  /** Takes the values of records that moved from the row that they left. */
  public String follow(boolean truncating) {
    String moved =
        each(
            property ->
                "%1$s = coalesce(e.%1$s, CASE WHEN h.%1$s IS NOT NULL".formatted(value(property))
                    + " THEN {v: h.%s.v, p: e._place} END)".formatted(value(property)));
    return "UPDATE %s AS e SET %s FROM %s AS h WHERE h._half AND e._moved AND e.lineage_id = %s"
        .formatted(EVENTS, moved, filled(truncating), "h.lineage_id");
  }

  /** One row: how many values of records that moved are still open. */
  public String open() {
    String some = each(property -> value(property) + " IS NULL", " OR ");
    return "SELECT count(*) FROM %s WHERE _moved AND _open AND (%s)".formatted(EVENTS, some);
  }

  /** Leaves the outcome with these values. */
  public List<String> settle(boolean truncating) {
    String unresolved =
        "f.lineage_id IS NOT NULL AND (%s)%s"
            .formatted(
                each(
                    property ->
                        "(list_contains(o._unsent, %s) AND f.%s IS NULL)"
                            .formatted(text(property), value(property)),
                    " OR "),
                contract.history() ? "" : " AND coalesce(f._now < f._place, true)");
    String values =
        each(
            property ->
                "CASE WHEN list_contains(o._unsent, %s) THEN f.%s.v ELSE o.%s END AS %s"
                    .formatted(
                        text(property),
                        value(property),
                        Quote.name(property.name()),
                        Quote.name(property.name())));
    return List.of(
        """
        CREATE TEMP TABLE %1$s AS SELECT o.* REPLACE (%2$s,
          CASE WHEN %3$s THEN list_append(o._failed, '%4$s') ELSE o._failed END AS _failed,
          CASE WHEN %3$s THEN '%4$s' ELSE o._rejected END AS _rejected)
        FROM %5$s AS o LEFT JOIN (SELECT * FROM %6$s WHERE _open) AS f
        ON o.lineage_id = f.lineage_id\
        """
            .formatted(SETTLED, values, unresolved, RULE, Outputs.OUTCOME, filled(truncating)),
        "CREATE OR REPLACE TEMP VIEW %s AS SELECT * FROM %s".formatted(Outputs.OUTCOME, SETTLED));
  }

  private static String value(Property property) {
    return Quote.name("_told_" + property.name());
  }

  private static String text(Property property) {
    return Quote.text(property.name());
  }

  private String each(Function<Property, String> one) {
    return each(one, ", ");
  }

  private String each(Function<Property, String> one, String between) {
    return values.stream().map(one).collect(Collectors.joining(between));
  }
}
