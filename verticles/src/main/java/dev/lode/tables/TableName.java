package dev.lode.tables;

import dev.lode.codecs.Failure;
import java.util.regex.Pattern;

/**
 * A table of the lake, {@code silver.invoice_line}: both parts lower case, digits and underscores.
 */
public record TableName(String layer, String name) implements Comparable<TableName> {
  private static final Pattern PART = Pattern.compile("[a-z][a-z0-9_]{0,127}");

  public TableName {
    check(layer, layer + "." + name);
    check(name, layer + "." + name);
  }

  /** Reads {@code layer.name}. */
  public static TableName of(String dotted) {
    int dot = dotted.indexOf('.');
    if (dot < 0) {
      throw Failure.invalid("Invalid table name: " + dotted + " (must be layer.name)");
    }
    return new TableName(dotted.substring(0, dot), dotted.substring(dot + 1));
  }

  private static void check(String part, String whole) {
    if (!PART.matcher(part).matches()) {
      throw Failure.invalid("Invalid table name: " + whole + " (parts must match " + PART + ")");
    }
  }

  @Override
  public int compareTo(TableName other) {
    return toString().compareTo(other.toString());
  }

  @Override
  public String toString() {
    return layer + "." + name;
  }
}
