package dev.lode.vectors;

import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** A document's text: {@code {description} sold in {countries}}, columns in braces. */
record Template(String text) {
  private static final Pattern COLUMN = Pattern.compile("\\{([A-Za-z_][A-Za-z0-9_]*)}");

  Template {
    if (!COLUMN.matcher(text).find()) {
      throw new IllegalArgumentException(
          "Invalid text: \"" + text + "\" names no column (write {column})");
    }
  }

  Set<String> columns() {
    var columns = new LinkedHashSet<String>();
    Matcher matcher = COLUMN.matcher(text);
    while (matcher.find()) {
      columns.add(matcher.group(1));
    }
    return columns;
  }

  /** An SQL expression of the text; a null column is empty in it. */
  String sql() {
    var parts = new java.util.ArrayList<String>();
    Matcher matcher = COLUMN.matcher(text);
    int from = 0;
    while (matcher.find()) {
      parts.add(Sql.text(text.substring(from, matcher.start())));
      parts.add(Sql.orEmpty(matcher.group(1)));
      from = matcher.end();
    }
    parts.add(Sql.text(text.substring(from)));
    return String.join(" || ", parts);
  }

  /** An SQL condition: some column has something to say. */
  String saysSomething() {
    List<String> values = columns().stream().map(Sql::orEmpty).toList();
    return "trim(" + String.join(" || ", values) + ", E' \\t\\r\\n') <> ''";
  }
}
