package dev.lode.silver.contract;

import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * The type of a Silver column.
 *
 * @param sql as a table's specification names it: {@code DECIMAL(18,2)}
 * @param precision digits of a DECIMAL, else 0
 * @param scale digits after its point, else 0
 */
public record ColumnType(Kind kind, String sql, int precision, int scale) {
  private static final Pattern DECIMAL =
      Pattern.compile("(?:DECIMAL|NUMERIC)\\s*\\(\\s*(\\d+)\\s*,\\s*(\\d+)\\s*\\)");
  private static final Pattern VARCHAR =
      Pattern.compile("(?:VARCHAR|CHAR)\\s*\\(\\s*(\\d+)\\s*\\)");
  private static final int DIGITS_MAX = 38;

  private static final Map<String, String> SYNONYMS =
      Map.ofEntries(
          Map.entry("STRING", "VARCHAR"),
          Map.entry("TEXT", "VARCHAR"),
          Map.entry("INT", "INTEGER"),
          Map.entry("LONG", "BIGINT"),
          Map.entry("REAL", "FLOAT"),
          Map.entry("BOOL", "BOOLEAN"),
          Map.entry("TIMESTAMPTZ", "TIMESTAMP WITH TIME ZONE"));

  private static final Map<String, Kind> KINDS =
      Map.of(
          "VARCHAR", Kind.TEXT,
          "INTEGER", Kind.INTEGER,
          "BIGINT", Kind.INTEGER,
          "FLOAT", Kind.FLOAT,
          "DOUBLE", Kind.FLOAT,
          "BOOLEAN", Kind.BOOLEAN,
          "DATE", Kind.DATE,
          "TIMESTAMP", Kind.TIMESTAMP,
          "TIMESTAMP WITH TIME ZONE", Kind.INSTANT,
          "UUID", Kind.UUID);

  /** What can be done with values of a type. */
  public enum Kind {
    TEXT,
    INTEGER,
    DECIMAL,
    FLOAT,
    BOOLEAN,
    DATE,
    TIMESTAMP,
    INSTANT,
    UUID,
    LIST;

    /** Whether a column of it may declare {@code logicalType}. */
    boolean is(String logicalType) {
      return switch (this) {
        case TEXT, UUID -> logicalType.equals("string");
        case INTEGER -> logicalType.equals("integer") || logicalType.equals("number");
        case DECIMAL, FLOAT -> logicalType.equals("number");
        case BOOLEAN -> logicalType.equals("boolean");
        case DATE -> logicalType.equals("date");
        case TIMESTAMP, INSTANT -> logicalType.equals("timestamp");
        case LIST -> logicalType.equals("array");
      };
    }

    /** Whether values of it have a place in time. */
    public boolean timely() {
      return this == DATE || this == TIMESTAMP || this == INSTANT;
    }

    public boolean numeric() {
      return this == INTEGER || this == DECIMAL || this == FLOAT;
    }
  }

  /** Reads a physical type; empty where Silver has no such type. */
  public static Optional<ColumnType> parse(String physicalType) {
    String name = physicalType.strip().toUpperCase(Locale.ROOT).replaceAll("\\s+", " ");
    if (name.endsWith("[]")) {
      return parse(name.substring(0, name.length() - 2))
          .filter(element -> element.kind != Kind.LIST)
          .map(element -> new ColumnType(Kind.LIST, element.sql + "[]", 0, 0));
    }
    if (VARCHAR.matcher(name).matches()) {
      return Optional.of(new ColumnType(Kind.TEXT, "VARCHAR", 0, 0));
    }
    var decimal = DECIMAL.matcher(name);
    if (decimal.matches()) {
      return decimal(Integer.parseInt(decimal.group(1)), Integer.parseInt(decimal.group(2)));
    }
    String known = SYNONYMS.getOrDefault(name, name);
    return Optional.ofNullable(KINDS.get(known)).map(kind -> new ColumnType(kind, known, 0, 0));
  }

  /** Of a list, the type of its elements. */
  public ColumnType element() {
    return parse(sql.substring(0, sql.length() - "[]".length())).orElseThrow();
  }

  /** What a logical type means where no physical one is given; numbers must say how exact. */
  static Optional<ColumnType> of(String logicalType) {
    return switch (logicalType) {
      case "string" -> parse("VARCHAR");
      case "integer" -> parse("BIGINT");
      case "boolean" -> parse("BOOLEAN");
      case "date" -> parse("DATE");
      case "timestamp" -> parse("TIMESTAMP WITH TIME ZONE");
      default -> Optional.empty();
    };
  }

  private static Optional<ColumnType> decimal(int precision, int scale) {
    return precision < 1 || precision > DIGITS_MAX || scale > precision
        ? Optional.empty()
        : Optional.of(
            new ColumnType(
                Kind.DECIMAL, "DECIMAL(%d,%d)".formatted(precision, scale), precision, scale));
  }

  /** The length that {@code VARCHAR(11)} asks for. */
  static Optional<Integer> length(String physicalType) {
    var matcher = VARCHAR.matcher(physicalType.strip().toUpperCase(Locale.ROOT));
    return matcher.matches() ? Optional.of(Integer.valueOf(matcher.group(1))) : Optional.empty();
  }
}
