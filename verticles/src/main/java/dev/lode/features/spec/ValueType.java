package dev.lode.features.spec;

import java.math.BigDecimal;
import java.math.RoundingMode;
import java.time.DateTimeException;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.ZoneOffset;
import java.util.Base64;
import java.util.Locale;
import java.util.UUID;
import java.util.regex.Pattern;

/**
 * The type of a key or a feature: the engine's name of it, and how a JSON value becomes one without
 * losing anything.
 *
 * @param sql as the engine and the tables write it: {@code DECIMAL(18,2)}
 */
public record ValueType(String sql, Kind kind, int precision, int scale) {
  public static final String KNOWN =
      "VARCHAR, BOOLEAN, INTEGER, BIGINT, DOUBLE, DECIMAL(p,s), DATE, TIMESTAMP WITH TIME ZONE,"
          + " UUID";
  private static final Pattern DECIMAL =
      Pattern.compile("DECIMAL\\(\\s*(\\d{1,2})\\s*,\\s*(\\d{1,2})\\s*\\)");
  private static final int DECIMAL_DIGITS_MAX = 38;

  /** Digits after the point: more would only be written to waste memory. */
  private static final int SCALE_MAX = 400;

  /** What kind of value it is, whatever its precision. */
  public enum Kind {
    VARCHAR,
    BOOLEAN,
    INTEGER,
    BIGINT,
    DOUBLE,
    DECIMAL,
    DATE,
    TIME,
    UUID
  }

  /** Reads a type as it stands in a file. */
  public static ValueType parse(String text) {
    String type = text.strip().toUpperCase(Locale.ROOT);
    var decimal = DECIMAL.matcher(type);
    if (decimal.matches()) {
      return decimal(Integer.parseInt(decimal.group(1)), Integer.parseInt(decimal.group(2)));
    }
    return switch (type) {
      case "VARCHAR" -> new ValueType(type, Kind.VARCHAR, 0, 0);
      case "BOOLEAN" -> new ValueType(type, Kind.BOOLEAN, 0, 0);
      case "INTEGER" -> new ValueType(type, Kind.INTEGER, 0, 0);
      case "BIGINT" -> new ValueType(type, Kind.BIGINT, 0, 0);
      case "DOUBLE" -> new ValueType(type, Kind.DOUBLE, 0, 0);
      case "DATE" -> new ValueType(type, Kind.DATE, 0, 0);
      case "UUID" -> new ValueType(type, Kind.UUID, 0, 0);
      case "TIMESTAMP WITH TIME ZONE" -> new ValueType(type, Kind.TIME, 0, 0);
      default -> throw new IllegalArgumentException("unknown type " + text + " (" + KNOWN + ")");
    };
  }

  private static ValueType decimal(int precision, int scale) {
    if (precision < 1 || precision > DECIMAL_DIGITS_MAX || scale > precision) {
      throw new IllegalArgumentException(
          "impossible type DECIMAL(" + precision + "," + scale + ") (1 to 38 digits)");
    }
    return new ValueType(
        "DECIMAL(" + precision + "," + scale + ")", Kind.DECIMAL, precision, scale);
  }

  /** Sums and counts of it are the same in whatever order they are made. */
  public boolean exact() {
    return kind == Kind.INTEGER || kind == Kind.BIGINT || kind == Kind.DECIMAL;
  }

  /**
   * The value as Java holds it in rows of a table; null stays null. Throws IllegalArgumentException
   * that completes the sentence "x ...".
   */
  public Object convert(Object value) {
    return switch (value) {
      case null -> null;
      case String text -> fromText(text);
      case Number number -> fromNumber(number);
      case Boolean flag when kind == Kind.BOOLEAN -> flag;
      case UUID uuid when kind == Kind.UUID -> uuid;
      case LocalDate date when kind == Kind.DATE -> date;
      case LocalDate date when kind == Kind.TIME -> date.atStartOfDay().toInstant(ZoneOffset.UTC);
      case LocalDateTime time when kind == Kind.TIME -> Times.cut(time.toInstant(ZoneOffset.UTC));
      case Instant time when kind == Kind.TIME -> Times.cut(time);
      default -> throw mismatch(null);
    };
  }

  private Object fromText(String text) {
    try {
      return switch (kind) {
        case VARCHAR -> text;
        case BOOLEAN -> flag(text);
        case DATE -> LocalDate.parse(text.strip());
        case TIME -> Times.parse(text);
        case UUID -> uuid(text.strip());
        case INTEGER, BIGINT, DECIMAL -> exactly(new BigDecimal(text.strip()));
        case DOUBLE -> finite(Double.parseDouble(text.strip()));
      };
    } catch (NumberFormatException | DateTimeException e) {
      throw mismatch(e);
    }
  }

  private UUID uuid(String text) {
    try {
      return UUID.fromString(text);
    } catch (IllegalArgumentException e) {
      throw mismatch(e);
    }
  }

  private Boolean flag(String text) {
    return switch (text.strip().toLowerCase(Locale.ROOT)) {
      case "true" -> true;
      case "false" -> false;
      default -> throw mismatch(null);
    };
  }

  private Object fromNumber(Number number) {
    return switch (kind) {
      case DOUBLE -> finite(number.doubleValue());
      case INTEGER, BIGINT, DECIMAL -> exactly(decimal(number));
      case VARCHAR -> text(decimal(number));
      default -> throw mismatch(null);
    };
  }

  private static BigDecimal decimal(Number number) {
    if (number instanceof Double || number instanceof Float) {
      return BigDecimal.valueOf(finite(number.doubleValue()));
    }
    return new BigDecimal(number.toString());
  }

  private static Double finite(double number) {
    if (!Double.isFinite(number)) {
      throw new IllegalArgumentException("is not finite");
    }
    return number;
  }

  /** 17850 and 17850.0 are the same number, so they are the same text. */
  private static String text(BigDecimal number) {
    boolean small =
        number.precision() - number.scale() <= DECIMAL_DIGITS_MAX && number.scale() <= SCALE_MAX;
    return small ? number.stripTrailingZeros().toPlainString() : number.toString();
  }

  private Object exactly(BigDecimal number) {
    int whole = kind == Kind.DECIMAL ? precision - scale : 19;
    if (number.signum() != 0 && number.precision() - number.scale() > whole) {
      throw new IllegalArgumentException("is too large for a " + sql);
    }
    if (number.scale() > SCALE_MAX) {
      throw mismatch(null);
    }
    try {
      return switch (kind) {
        case INTEGER -> number.intValueExact();
        case BIGINT -> number.longValueExact();
        default -> number.setScale(scale, RoundingMode.UNNECESSARY);
      };
    } catch (ArithmeticException e) {
      throw mismatch(e);
    }
  }

  private IllegalArgumentException mismatch(Exception cause) {
    return new IllegalArgumentException(
        "is not a" + ("AEIO".indexOf(sql.charAt(0)) >= 0 ? "n " : " ") + sql, cause);
  }

  /** The value as JSON carries it: times and dates are ISO-8601 in UTC. */
  public static Object json(Object value) {
    return switch (value) {
      case null -> null;
      case Instant time -> time.toString();
      case LocalDateTime time -> time.toString();
      case LocalDate date -> date.toString();
      case UUID uuid -> uuid.toString();
      case byte[] bytes -> Base64.getEncoder().encodeToString(bytes);
      default -> value;
    };
  }
}
