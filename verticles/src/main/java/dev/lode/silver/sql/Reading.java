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
  private final List<String> paths;
  private final List<String> names;

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
    var distinct = new LinkedHashMap<String, String>();
    sources.values().forEach(source -> distinct.putAll(source.candidates()));
    this.paths = List.copyOf(distinct.keySet());
    this.names = List.copyOf(distinct.values());
  }

  /** Old records may still have its former names, unless another column has them now. */
  private Source source(String name, String base, Property property) {
    var former = new ArrayList<>(property.formerNames());
    former.removeAll(contract.columns());
    return Source.of(name, base, property.source(), former);
  }

  private static Source renamed(String name, Source source) {
    return new Source(name, source.candidates());
  }

  private void add(Source source) {
    sources.put(source.name(), source);
  }

  /**
   * The stages {@code headers} (where each header names what is looked for), {@code texts}, {@code
   * split} ({@code _told}: one text for each of {@link #paths}) and {@code told}.
   */
  String stages(String batch) {
    return """
    headers AS (
      SELECT _header, len(names) AS _width,
        list_transform([%s], lambda name: coalesce(list_position(names, name), 0)) AS _at
      FROM (
        SELECT header AS _header, list_transform(%s, lambda name:
          lower(regexp_replace(ltrim(name, chr(65279)), '[_\\s-]', '', 'g'))) AS names
        FROM (
          SELECT header, TRY(decode(header)) AS line
          FROM (SELECT DISTINCT header FROM %s WHERE format = 'csv')))),
    texts AS (
      SELECT tenant_id, lineage_id, coalesce(event_time, ingest_time) AS _event_time,
        ingest_time AS _ingest_time, op AS _bronze_op, format = 'csv' AS _csv,
        header, defect AS _defect,
        CASE WHEN defect IS NULL THEN TRY(decode(payload)) END AS _payload
      FROM %s),
    split AS (
      SELECT texts.*, _width, _at, CASE WHEN _csv THEN %s END AS _fields
      FROM texts LEFT JOIN headers ON header = _header),
    parsed AS (
      SELECT * EXCLUDE (header, _at),
        CASE WHEN NOT _csv THEN CASE WHEN starts_with(ltrim(_payload), '{')
            THEN json_extract_string(TRY_CAST(_payload AS JSON), [%s]) END
          WHEN len(_fields) = _width THEN list_select(_fields, _at) END AS _told
      FROM split),
    told AS (
      SELECT * REPLACE (
        CASE WHEN CASE WHEN NOT _csv AND _told IS NOT NULL THEN %s END
          THEN %s ELSE _told END AS _told)
      FROM parsed)\
    """
        .formatted(
            Quote.texts(names),
            Csv.fields("line"),
            batch,
            batch,
            Csv.fields("_payload"),
            Quote.texts(paths),
            inexact(),
            JsonSql.exact("_payload", Quote.texts(paths)));
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
    var candidates =
        source.paths().stream().map(path -> "_told[" + (paths.indexOf(path) + 1) + "]").toList();
    return candidates.size() == 1
        ? candidates.getFirst()
        : "coalesce(" + String.join(", ", candidates) + ")";
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
