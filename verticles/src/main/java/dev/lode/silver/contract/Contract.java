package dev.lode.silver.contract;

import dev.lode.tables.TableName;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/**
 * What a Silver table promises, and how its records are made from Bronze.
 *
 * @param upstream the Bronze table it is made from
 * @param key columns that name a row, in order; empty for none
 * @param envelope where change events hold their parts; null for plain records
 * @param ordering tells which of two records of one key is newer, first item first: the name of a
 *     property, or a dotted path from the record's root to a number or a time. Empty: the order of
 *     arrival
 * @param deleteWhen what a record that deletes says; null for none
 * @param eventTime the property that tells when a record happened; null where none does, and then
 *     it is when it was taken in
 * @param unavailable what stands for a value that the source did not send because it did not
 *     change; null for nothing
 * @param dropped columns that the table had, and is to have no more
 * @param history whether every version of a key is kept beside the newest
 * @param onUnknown what becomes of names in records that no column takes
 * @param rules in the order in which the first failure names the reason
 */
public record Contract(
    String entity,
    TableName table,
    TableName upstream,
    Mode mode,
    List<Property> properties,
    List<String> key,
    Envelope envelope,
    List<String> ordering,
    DeleteWhen deleteWhen,
    String eventTime,
    String unavailable,
    List<String> dropped,
    boolean history,
    OnUnknown onUnknown,
    List<Rule> rules,
    List<Sla> slas,
    String doc) {

  /** APPEND keeps every record; UPSERT the newest of each key. */
  public enum Mode {
    APPEND,
    UPSERT
  }

  /** WARN counts them by name; QUARANTINE keeps the record out. */
  public enum OnUnknown {
    IGNORE,
    WARN,
    QUARANTINE
  }

  /** Dotted paths: the row after the change, the row before it, and what was done, by its words. */
  public record Envelope(String record, String before, String op, Operations operations) {}

  /** A record that holds one of {@code values} at {@code path} deletes its key. */
  public record DeleteWhen(String path, List<String> values) {
    private static final Map<String, List<String>> SPELLINGS =
        Map.of(
            "true", List.of("true", "t", "1", "yes", "y"),
            "false", List.of("false", "f", "0", "no", "n"));

    public DeleteWhen {
      values = List.copyOf(values);
    }

    /** In lower case; a boolean however it is spelled. */
    public List<String> words() {
      return values.stream()
          .map(value -> value.strip().toLowerCase(Locale.ROOT))
          .flatMap(word -> SPELLINGS.getOrDefault(word, List.of(word)).stream())
          .distinct()
          .toList();
    }
  }

  public Contract {
    properties = List.copyOf(properties);
    key = List.copyOf(key);
    ordering = List.copyOf(ordering);
    dropped = List.copyOf(dropped);
    rules = List.copyOf(rules);
    slas = List.copyOf(slas);
  }

  /** The same with other rules. */
  public Contract with(List<Rule> others) {
    return new Contract(
        entity,
        table,
        upstream,
        mode,
        properties,
        key,
        envelope,
        ordering,
        deleteWhen,
        eventTime,
        unavailable,
        dropped,
        history,
        onUnknown,
        others,
        slas,
        doc);
  }

  /** Where the versions are kept, if they are. */
  public TableName historyTable() {
    return new TableName(table.layer(), table.name() + "_history");
  }

  /**
   * The parts of the key as they were before a change, each under a name of its own; none where
   * records are no change events.
   */
  public List<Property> formerKey() {
    return envelope == null
        ? List.of()
        : key.stream().map(name -> property(name).orElseThrow().named(former(name))).toList();
  }

  public static String former(String key) {
    return "_was_" + key;
  }

  public boolean upserts() {
    return mode == Mode.UPSERT;
  }

  public Optional<Property> property(String name) {
    return properties.stream().filter(property -> property.name().equals(name)).findFirst();
  }

  public List<String> columns() {
    return properties.stream().map(Property::name).toList();
  }

  public List<Rule.Row> rowRules() {
    return of(Rule.Row.class);
  }

  public List<Rule.Duplicate> duplicateRules() {
    return of(Rule.Duplicate.class);
  }

  public List<Rule.Whole> wholeRules() {
    return of(Rule.Whole.class);
  }

  private <R extends Rule> List<R> of(Class<R> type) {
    return rules.stream().filter(type::isInstance).map(type::cast).toList();
  }
}
