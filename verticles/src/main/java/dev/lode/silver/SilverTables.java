package dev.lode.silver;

import static dev.lode.tables.TableSpec.Field.optional;
import static dev.lode.tables.TableSpec.Field.required;

import dev.lode.silver.contract.Check;
import dev.lode.silver.contract.Contract;
import dev.lode.silver.contract.OnFail;
import dev.lode.silver.contract.Property;
import dev.lode.silver.contract.Rule;
import dev.lode.tables.Alterations;
import dev.lode.tables.TableName;
import dev.lode.tables.TableSpec;
import dev.lode.tables.TableSpec.Field;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;

/** The tables that Silver writes. */
final class SilverTables {
  static final TableName QUALITY_RESULTS = new TableName("system", "quality_results");
  static final TableName TOMBSTONES = new TableName("system", "tombstones");
  static final List<String> TOMBSTONE_KEY = List.of("tenant_id", "entity", "key");
  static final List<String> TOMBSTONE_ORDER = List.of("ordering", "lineage_id");

  /** Of Silver's rows, where there are upserts. */
  static final List<String> ORDER = List.of("_ordering", "lineage_id");

  static final List<String> RECORD_KEY = List.of("tenant_id", "lineage_id");

  private static final String TIME = "TIMESTAMP WITH TIME ZONE";

  private SilverTables() {}

  static TableSpec silver(Contract contract) {
    var fields = new ArrayList<Field>();
    fields.add(required("tenant_id", "VARCHAR", "Whose row this is."));
    for (Property property : contract.properties()) {
      boolean named = contract.key().contains(property.name());
      fields.add(new Field(property.name(), property.type().sql(), named, doc(contract, property)));
    }
    fields.add(required("lineage_id", "UUID", "The Bronze record that this row was made from."));
    fields.add(required("_event_time", TIME, "When it happened; when it was taken in if untold."));
    fields.add(required("_ingest_time", TIME, "When it was taken in."));
    fields.add(required("_flags", "VARCHAR[]", "Rules that flagged it or warned; mostly none."));
    if (contract.upserts()) {
      fields.add(required("_ordering", "BIGINT[]", "Its place in the order of its source."));
    }
    return new TableSpec(
        contract.table(),
        fields,
        contract.upserts() ? key(contract) : List.of(),
        partitions(contract),
        contract.doc());
  }

  /** What it is, and what becomes of a record that breaks a rule about it. */
  private static String doc(Contract contract, Property property) {
    String rules =
        contract.rowRules().stream()
            .filter(rule -> property.name().equals(rule.property()))
            .map(rule -> rule.id() + ": " + rule.onFail().word())
            .collect(Collectors.joining(", "));
    return rules.isEmpty() ? property.doc() : (property.doc() + " (" + rules + ")").strip();
  }

  /** Every version of every key, by record. */
  static TableSpec history(Contract contract) {
    var fields = new ArrayList<Field>();
    for (Field field : silver(contract).fields()) {
      boolean value = contract.property(field.name()).isPresent();
      boolean key = contract.key().contains(field.name());
      fields.add(
          new Field(field.name(), field.type(), field.required() && (!value || key), field.doc()));
    }
    fields.add(
        required("_is_deleted", "BOOLEAN", "Whether this version says that the row is no more."));
    fields.add(
        required(
            "valid_from",
            TIME,
            "Since when: when it happened, and no later than what came after."));
    fields.add(
        optional("valid_to", TIME, "Until when, exclusive: the next version's; null: until now."));
    return new TableSpec(
        contract.historyTable(),
        fields,
        RECORD_KEY,
        List.of("tenant_id"),
        "Every version of "
            + contract.table()
            + ", by the source's order. As of a time T: valid_from <= T AND (valid_to IS NULL OR"
            + " valid_to > T) AND NOT _is_deleted.");
  }

  /** What its contract says of the table that there was before. */
  static Alterations alterations(Contract contract) {
    var formerNames =
        contract.properties().stream()
            .filter(property -> !property.formerNames().isEmpty())
            .collect(Collectors.toMap(Property::name, Property::formerNames));
    var filled =
        contract.rowRules().stream()
            .filter(rule -> rule.check() instanceof Check.Missing)
            .filter(rule -> rule.onFail() == OnFail.QUARANTINE)
            .map(Rule.Row::property)
            .collect(Collectors.toSet());
    return new Alterations(
        Alterations.Policy.STRICT, formerNames, Set.copyOf(contract.dropped()), filled);
  }

  private static List<String> key(Contract contract) {
    var key = new ArrayList<String>();
    key.add("tenant_id");
    key.addAll(contract.key());
    return key;
  }

  private static List<String> partitions(Contract contract) {
    var partitions = new ArrayList<String>();
    partitions.add("tenant_id");
    for (Property property : contract.properties()) {
      if (property.partitioned()) {
        boolean timely = property.type().kind().timely();
        partitions.add(timely ? "month(" + property.name() + ")" : property.name());
      }
    }
    return partitions;
  }

  /** {@code entity} is the contract's; {@code source_entity} where there is none. */
  static TableSpec quarantine(String entity) {
    return new TableSpec(
        new TableName("quarantine", entity),
        List.of(
            required("tenant_id", "VARCHAR", "Whose record this is."),
            required("lineage_id", "UUID", "The Bronze record."),
            required("source", "VARCHAR", "The system that sent it."),
            required("entity", "VARCHAR", "What it describes."),
            required("batch_id", "UUID", "The body that it came in."),
            required("position", "BIGINT", "Its number in that body, from 1."),
            required("rule", "VARCHAR", "The first rule that it broke."),
            required("reason", "VARCHAR", "Why, without values that are masked."),
            required("payload", "BLOB", "Its exact bytes."),
            optional("header", "BLOB", "Its CSV header, exactly as sent."),
            required("ingest_time", TIME, "When it was taken in."),
            required("rejected_at", TIME, "When it was judged."),
            required("run_id", "UUID", "The run that judged it.")),
        RECORD_KEY,
        List.of("tenant_id"),
        "Records that the contract of " + entity + " does not accept; replay them once mended.");
  }

  static TableSpec qualityResults() {
    return new TableSpec(
        QUALITY_RESULTS,
        List.of(
            required("tenant_id", "VARCHAR", "Whose records were judged."),
            required("run_id", "UUID", "The run; its rows share it."),
            required("entity", "VARCHAR", "The contract's entity."),
            required("rule", "VARCHAR", "The rule's name; * for the run as a whole."),
            optional("severity", "VARCHAR", "quarantine, flag, warn or alert."),
            optional("dimension", "VARCHAR", "accuracy, completeness, conformity…"),
            required("checked", "BIGINT", "Records judged."),
            required("failed", "BIGINT", "Records that broke the rule; of *, those rejected."),
            required("score", "DOUBLE", "The share that did not, 0 to 1."),
            required("passed", "BOOLEAN", "Whether the contract's threshold holds."),
            optional("bronze_from", "BIGINT", "Bronze's snapshot before the run; null: all."),
            required("bronze_to", "BIGINT", "Bronze's last snapshot in the run."),
            required("at", TIME, "When it was judged.")),
        List.of(),
        List.of("tenant_id", "day(at)"),
        "What every run found of every rule.");
  }

  static TableSpec tombstones() {
    return new TableSpec(
        TOMBSTONES,
        List.of(
            required("tenant_id", "VARCHAR", "Whose row it was."),
            required("entity", "VARCHAR", "The contract's entity."),
            required("key", "VARCHAR", "The key's values, as a JSON list of texts."),
            required("ordering", "BIGINT[]", "The deletion's place in the source's order."),
            required("lineage_id", "UUID", "The Bronze record that deletes."),
            required("deleted_at", TIME, "When Silver deleted it.")),
        TOMBSTONE_KEY,
        List.of("tenant_id"),
        "Deleted keys, so that a late event does not bring them back.");
  }
}
