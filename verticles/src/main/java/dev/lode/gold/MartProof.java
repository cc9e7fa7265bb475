package dev.lode.gold;

import dev.lode.proof.Functions;
import dev.lode.proof.Proof;
import dev.lode.tables.Session;
import dev.lode.tables.TableName;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** What is certain of marts from their SQL. Those that others read come first. */
final class MartProof {
  private final Session session;
  private final Functions functions;
  private final Proof proof;

  /** Of the marts that were seen. */
  private final Map<TableName, List<String>> columns = new HashMap<>();

  private final Map<TableName, List<String>> rowKeys = new HashMap<>();

  /**
   * @param others tables that are no marts
   */
  MartProof(Session session, Proof.Tables others) {
    this.session = session;
    this.functions = Functions.of(session);
    this.proof =
        new Proof(
            session,
            functions,
            new Proof.Tables() {
              @Override
              public Optional<List<String>> columns(TableName table) {
                return Optional.ofNullable(columns.get(table)).or(() -> others.columns(table));
              }

              @Override
              public List<String> rowKey(TableName table) {
                return rowKeys.containsKey(table) ? rowKeys.get(table) : others.rowKey(table);
              }
            });
  }

  /** Whether an incremental mart always shows what building it whole would give. */
  Proof.Verdict judge(Mart mart) {
    rowKeys.put(mart.table(), mart.tableKey());
    SelectList.of(session.parse(mart.sql()).tree())
        .ifPresent(names -> columns.put(mart.table(), tenantFirst(names)));
    var touched = new HashMap<TableName, List<String>>();
    mart.touches()
        .forEach(
            (table, touch) -> {
              var key = new ArrayList<>(List.of("tenant_id"));
              mart.key().forEach(column -> key.add(touch.of(column)));
              touched.put(table, key);
            });
    return mart.incremental()
        ? proof.judge(mart.sql(), new Proof.Claim(mart.tableKey(), touched, true))
        : new Proof.Verdict(Optional.empty(), false);
  }

  private static List<String> tenantFirst(List<String> names) {
    var ordered = new ArrayList<>(names);
    if (ordered.remove("tenant_id")) {
      ordered.addFirst("tenant_id");
    }
    return ordered;
  }

  Mart.Nature nature(Mart mart, Proof.Verdict verdict) {
    var touched = new HashMap<TableName, List<String>>();
    mart.inputs().forEach(input -> touched.put(input, List.of("tenant_id")));
    var claim = new Proof.Claim(List.of("tenant_id"), touched, false);
    return new Mart.Nature(
        functions.unsteady(session.parse(mart.sql()).tree()).isEmpty(),
        proof.judge(mart.sql(), claim).doubt().isEmpty(),
        verdict.isKeyPresent());
  }
}
