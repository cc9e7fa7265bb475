package dev.lode.gold;

import dev.lode.config.Nearest;
import dev.lode.tables.TableName;
import java.util.List;
import java.util.regex.Pattern;

/** What must hold of a mart's rows before they are published, within each tenant. */
public sealed interface Expectation {
  List<String> KINDS = List.of("unique", "not_null", "accepted_values", "relationships");
  Pattern FORM = Pattern.compile("([a-z_]+)\\s*\\((.*)\\)");

  String column();

  /** No two rows have the same values in all of {@code columns}. */
  record Unique(List<String> columns) implements Expectation {
    public Unique {
      columns = List.copyOf(columns);
    }

    @Override
    public String column() {
      return columns.getFirst();
    }

    @Override
    public String toString() {
      return "unique(" + String.join(", ", columns) + ")";
    }
  }

  record NotNull(String column) implements Expectation {
    @Override
    public String toString() {
      return "not_null(" + column + ")";
    }
  }

  record AcceptedValues(String column, List<String> values) implements Expectation {
    public AcceptedValues {
      values = List.copyOf(values);
    }

    @Override
    public String toString() {
      return "accepted_values(" + column + ", " + String.join(", ", values) + ")";
    }
  }

  /** Each value is found in {@code other} of {@code table}. */
  record Relationships(String column, TableName table, String other) implements Expectation {
    @Override
    public String toString() {
      return "relationships(" + column + ", " + table + "." + other + ")";
    }
  }

  /** Reads {@code unique(day)}; an IllegalArgumentException says what is wrong. */
  static Expectation parse(String text) {
    var matcher = FORM.matcher(text);
    String kind = matcher.matches() ? matcher.group(1) : text;
    List<String> words = matcher.matches() ? MartHeader.split(matcher.group(2)) : List.of();
    return switch (kind) {
      case "unique" -> new Unique(some(words));
      case "not_null" -> new NotNull(only(words));
      case "accepted_values" -> acceptedValues(words);
      case "relationships" -> relationships(words);
      default -> throw new IllegalArgumentException("one of " + KINDS + nearest(kind));
    };
  }

  private static String nearest(String kind) {
    return Nearest.to(kind, KINDS).map(name -> ": did you mean " + name + "?").orElse("");
  }

  private static String only(List<String> words) {
    if (words.size() != 1) {
      throw new IllegalArgumentException("takes one column");
    }
    return words.getFirst();
  }

  private static List<String> some(List<String> words) {
    if (words.isEmpty()) {
      throw new IllegalArgumentException("takes columns");
    }
    return words;
  }

  private static Expectation acceptedValues(List<String> words) {
    if (words.size() < 2) {
      throw new IllegalArgumentException("takes a column and its values");
    }
    List<String> values = words.subList(1, words.size());
    return new AcceptedValues(
        words.getFirst(), values.stream().map(word -> word.replaceAll("^'|'$", "")).toList());
  }

  private static Expectation relationships(List<String> words) {
    String target = words.size() == 2 ? words.get(1) : "";
    int dot = target.lastIndexOf('.');
    if (dot < 0 || target.indexOf('.') == dot) {
      throw new IllegalArgumentException("takes a column and layer.table.column");
    }
    return new Relationships(
        words.getFirst(), TableName.of(target.substring(0, dot)), target.substring(dot + 1));
  }
}
