package dev.lode.silver.sql;

import dev.lode.silver.contract.ColumnType;
import dev.lode.silver.contract.Contract;
import dev.lode.silver.contract.Property;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * From the bytes of Bronze to one text per column, {@code _raw_<column>}: JSON by paths, CSV by the
 * header that each record carries, change events by their envelope.
 */
final class Reading {
  private static final String OP = "_op_told";
  private static final String DELETED = "_deleted";
  private static final String BEFORE = "_before_";
  static final String ORDER = "_order_";

  private final Contract contract;
  private final Map<String, Source> sources = new LinkedHashMap<>();
  private final Naming naming;

  Reading(Contract contract) {
    this.contract = contract;
    var envelope = contract.envelope();
    String base = envelope == null ? "" : envelope.record();
    for (Property property : contract.properties()) {
      add(source(property.name(), base, property));
    }
    if (envelope != null) {
      add(Source.at(OP, envelope.op()));
      for (String key : contract.key()) {
        var source = source(key, envelope.before(), contract.property(key).orElseThrow());
        add(renamed(BEFORE + key, source));
      }
    }
    if (contract.deleteWhen() != null) {
      add(Source.at(DELETED, contract.deleteWhen().path()));
    }
    for (int i = 0; i < contract.ordering().size(); i++) {
      String item = contract.ordering().get(i);
      if (contract.property(item).isEmpty()) {
        add(Source.at(ORDER + i, item));
      }
    }
    this.naming =
        new Naming(sources.values(), base.isEmpty() ? List.of() : List.of(base.split("\\.")));
  }

  /** Old records may still have its former names, unless another column has them now. */
  private Source source(String name, String base, Property property) {
    var former = new ArrayList<>(property.formerNames());
    former.removeAll(contract.columns());
    return Source.of(name, base, property.source(), former);
  }

  private static Source renamed(String name, Source source) {
    return new Source(name, source.places(), source.headers());
  }

  private void add(Source source) {
    sources.put(source.name(), source);
  }

  /** The stages {@code texts} (the bytes of Bronze as text) to {@code told}, see {@link Naming}. */
  String stages(String batch, boolean called) {
    return texts(batch) + ",\n" + naming.stages(called, inexact());
  }

  /** A SELECT of the shapes of a batch. */
  String shapes(String batch, boolean called) {
    return "WITH " + texts(batch) + ",\n" + naming.shapes(called);
  }

  Naming naming() {
    return naming;
  }

  private static String texts(String batch) {
    return """
    texts AS (
      SELECT tenant_id, lineage_id, coalesce(event_time, ingest_time) AS _event_time,
        ingest_time AS _ingest_time, op AS _bronze_op, format = 'csv' AS _csv,
        header, defect AS _defect,
        CASE WHEN defect IS NULL THEN TRY(decode(payload)) END AS _payload
      FROM %s)\
    """
        .formatted(batch);
  }

  /** Whether the parser may have changed a number that the contract asks for. */
  private String inexact() {
    var numbers = new ArrayList<String>();
    var texts = new ArrayList<String>();
    for (Source source : sources.values()) {
      var property = contract.property(source.name().replace(BEFORE, ""));
      var kind = property.map(each -> each.type().kind()).orElse(null);
      if (kind == ColumnType.Kind.TEXT || kind == ColumnType.Kind.LIST) {
        texts.add(value(source));
      } else if (kind == null || kind.numeric() || property.get().isEpoch()) {
        numbers.add(value(source));
      }
    }
    return JsonSql.changes("_payload", numbers, texts);
  }

  /** {@code _op}, and every property's text and every ordering path's, from {@code told}. */
  String raws() {
    var columns = new ArrayList<String>();
    for (Property property : contract.properties()) {
      columns.add(raw(property) + " AS " + Quote.name("_raw_" + property.name()));
    }
    for (Property former : contract.formerKey()) {
      String key = former.name().substring(Contract.former("").length());
      columns.add(value(sources.get(BEFORE + key)) + " AS " + Quote.name("_raw_" + former.name()));
    }
    sources.values().stream()
        .filter(source -> source.name().startsWith(ORDER))
        .forEach(source -> columns.add(value(source) + " AS " + Quote.name(source.name())));
    return String.join(",\n            ", columns);
  }

  private String raw(Property property) {
    String after = value(sources.get(property.name()));
    var before = sources.get(BEFORE + property.name());
    return before == null
        ? after
        : "CASE WHEN _op = 'd' THEN coalesce(%s, %s) ELSE %s END"
            .formatted(value(before), after, after);
  }

  private String value(Source source) {
    return naming.value(source);
  }

  /**
   * {@code u} for a row that is, {@code d} for one that is no more, {@code t} where none is, null
   * for none of these.
   */
  String operation() {
    if (!contract.upserts()) {
      return "'u'";
    }
    String deleted =
        contract.deleteWhen() == null
            ? ""
            : "WHEN lower(trim(%s)) IN (%s) THEN 'd' "
                .formatted(value(sources.get(DELETED)), Quote.texts(contract.deleteWhen().words()));
    if (contract.envelope() == null) {
      return "CASE %sWHEN _bronze_op IN ('c', 'r', 'u') THEN 'u' WHEN _bronze_op = 'd' THEN 'd' END"
          .formatted(deleted);
    }
    String told = "coalesce(lower(trim(" + value(sources.get(OP)) + ")), _bronze_op)";
    var operations = contract.envelope().operations();
    return "CASE %sWHEN %s IN (%s) THEN 'u' WHEN %s IN (%s) THEN 'd' WHEN %s IN (%s) THEN 't' END"
        .formatted(
            deleted,
            told,
            Quote.texts(operations.meaning("c", "r", "u")),
            told,
            Quote.texts(operations.meaning("d")),
            told,
            Quote.texts(operations.meaning("t")));
  }
}
