package dev.lode.silver.sql;

import dev.lode.silver.contract.Contract;
import dev.lode.silver.contract.Property;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;

/**
 * What accepted records do to single keys. A change event whose row had another key before deletes
 * that and puts the new one, at one place in the order. One that deletes all rows is of no key.
 */
public final class Moves {
  private static final String EFFECTS = "effects";

  private final Contract contract;
  private final List<Property> former;

  public Moves(Contract contract) {
    this.contract = contract;
    this.former = contract.formerKey();
  }

  /** Whether records may be more than a row, or its end. */
  public boolean any() {
    return !former.isEmpty();
  }

  /** {@code _was_<key>} and {@code _moved}, of {@link Evaluation#EVALUATED}, each with a comma. */
  String columns() {
    if (!any()) {
      return "";
    }
    var was = new ArrayList<String>();
    var is = new ArrayList<String>();
    var columns = new StringBuilder();
    for (int i = 0; i < former.size(); i++) {
      String now = MaskSql.masked(contract.property(contract.key().get(i)).orElseThrow());
      String before = "coalesce(%s, %s)".formatted(MaskSql.masked(former.get(i)), now);
      columns.append(" %s AS %s,".formatted(before, Quote.name(former.get(i).name())));
      was.add(before);
      is.add(now);
    }
    return columns
        + " coalesce(_op = 'u', false) AND row(%s) IS DISTINCT FROM row(%s) AS _moved,"
            .formatted(String.join(", ", was), String.join(", ", is));
  }

  /** One row: how many records move to another key, and how many delete all rows. */
  public static String counts() {
    return """
    SELECT count(*) FILTER (WHERE _moved), count(*) FILTER (WHERE _op = 't')
    FROM %s WHERE _rejected IS NULL\
    """
        .formatted(Outputs.OUTCOME);
  }

  /** Every effect of the accepted records of {@link Outputs#OUTCOME} on one key: a relation. */
  String effects() {
    return any()
        ? EFFECTS
        : "(SELECT * FROM %s WHERE _rejected IS NULL)".formatted(Outputs.OUTCOME);
  }

  /**
   * Makes {@link #effects} where there is {@link #any} to tell apart.
   *
   * @param moving whether there are records that move
   */
  public String statement(boolean moving) {
    String own = "SELECT * FROM %s WHERE _rejected IS NULL".formatted(Outputs.OUTCOME);
    String single = own + " AND _op <> 't'";
    String left =
        " UNION ALL SELECT * REPLACE (%s, 'd' AS _op) FROM (%s AND _moved)".formatted(left(), own);
    return "CREATE TEMP VIEW %s AS %s".formatted(EFFECTS, moving ? single + left : single);
  }

  /** The row that is no more: its key, and no values. */
  private String left() {
    return contract.properties().stream()
        .map(property -> left(property) + " AS " + Quote.name(property.name()))
        .collect(Collectors.joining(", "));
  }

  private String left(Property property) {
    return contract.key().contains(property.name())
        ? Quote.name(Contract.former(property.name()))
        : "CAST(NULL AS " + property.type().sql() + ")";
  }
}
