package dev.lode.query;

import static java.util.Objects.requireNonNull;

import dev.lode.codecs.ErrorCode;
import dev.lode.codecs.Failure;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/**
 * {@code PIVOT t ON x} without IN makes a column of each value that there is, which the parser
 * alone cannot know. They are looked up, and written into the statement.
 */
final class Pivots {
  static final int COLUMNS_MAX = 1000;

  /** Stands for the values while they are unknown, so that the statement can be judged. */
  private static final String UNKNOWN = " IN ('lode_pivot_values')";

  /** Values have texts for names. */
  private static final String TEXT = "CAST(%s AS VARCHAR)";

  private static final List<String> ENDS = List.of("USING", "GROUP", "ORDER", "LIMIT", "OFFSET");

  private final String sql;
  private final Tokens tokens;

  /**
   * One element of ON.
   *
   * @param seen the common table expressions that the PIVOT sees, or nothing
   */
  private record Element(String seen, String source, String expression, int start, int end) {}

  Pivots(String sql) {
    this.sql = requireNonNull(sql, "sql is null");
    this.tokens = new Tokens(sql);
  }

  /** The statement with something in place of each list of values that is missing. */
  String judged() {
    var out = new StringBuilder(sql);
    IntStream.range(0, tokens.all().size())
        .mapToObj(this::elements)
        .flatMap(List::stream)
        .sorted(Comparator.comparing(Element::end).reversed())
        .forEach(
            element ->
                out.replace(
                    element.start, element.end, TEXT.formatted(element.expression) + UNKNOWN));
    return out.toString();
  }

  /** {@code values} answers a SELECT of one column, of texts. */
  static String filled(String judged, Function<String, List<Object>> values) {
    String filled = judged;
    int at = filled.indexOf(UNKNOWN);
    while (at >= 0) {
      String open = filled.substring(0, at) + filled.substring(at + UNKNOWN.length());
      var element = new Pivots(open).at(at);
      String listed = in(element, values);
      filled = open.substring(0, at) + listed + open.substring(at);
      at = filled.indexOf(UNKNOWN, at + listed.length());
    }
    return filled;
  }

  private static String in(Element element, Function<String, List<Object>> values) {
    int head = TEXT.indexOf("%s");
    String expression =
        element.expression.substring(
            head, element.expression.length() - (TEXT.length() - head - "%s".length()));
    String select =
        "%s SELECT CAST(v AS VARCHAR) FROM (SELECT %s AS v FROM %s) WHERE v IS NOT NULL GROUP BY v"
            .formatted(element.seen, expression, element.source);
    Set<Object> found = new LinkedHashSet<>(values.apply(select + " ORDER BY v"));
    if (found.isEmpty() || found.size() > COLUMNS_MAX) {
      throw new Failure(
          ErrorCode.SQL_REFUSED,
          "Cannot run the SQL: PIVOT ON %s makes a column of each value: there are %s (must be"
                  .formatted(expression, found.isEmpty() ? "none" : "more")
              + " 1..%d)".formatted(COLUMNS_MAX),
          "Name them: PIVOT ... ON x IN ('a', 'b').");
    }
    return found.stream()
        .map(value -> "'" + value.toString().replace("'", "''") + "'")
        .collect(Collectors.joining(", ", " IN (", ")"));
  }

  private Element at(int place) {
    for (int pivot = 0; pivot < tokens.all().size(); pivot++) {
      for (Element element : elements(pivot)) {
        if (element.end == place && element.expression.startsWith("CAST(")) {
          return element;
        }
      }
    }
    throw new Failure(ErrorCode.SQL_REFUSED, "Cannot run the SQL: PIVOT needs ON x IN (values)");
  }

  /** What the PIVOT at this token makes columns of, where it does not say which. */
  private List<Element> elements(int pivot) {
    if (!tokens.isAt(pivot, "PIVOT") && !tokens.isAt(pivot, "PIVOT_WIDER")) {
      return List.of();
    }
    int depth = tokens.all().get(pivot).depth();
    int on = tokens.find(pivot + 1, depth, List.of("ON"));
    if (on < pivot + 2) {
      return List.of();
    }
    String seen = seen(pivot, depth);
    String source = text(pivot + 1, on);
    var elements = new ArrayList<Element>();
    int end = Math.min(ends(on, depth), tokens.leaves(on, depth));
    int from = on + 1;
    while (from < end) {
      int comma = tokens.find(from, depth, List.of(","));
      int to = comma < 0 || comma > end ? end : comma;
      int in = tokens.find(from, depth, List.of("IN"));
      if ((in < 0 || in > to) && to > from) {
        int start = tokens.all().get(from).start();
        int stop = tokens.all().get(to - 1).end();
        elements.add(new Element(seen, source, sql.substring(start, stop), start, stop));
      }
      from = to + 1;
    }
    return elements;
  }

  private int ends(int on, int depth) {
    int end = tokens.find(on, depth, ENDS);
    return end < 0 ? Integer.MAX_VALUE : end;
  }

  private String text(int from, int to) {
    return sql.substring(tokens.all().get(from).start(), tokens.all().get(to - 1).end());
  }

  private String seen(int pivot, int depth) {
    if (!tokens.isAt(0, "WITH")) {
      return "";
    }
    int to = depth == 0 ? pivot : definition(pivot);
    String before = to <= 1 ? "" : text(0, to);
    return before.endsWith(",") ? before.substring(0, before.length() - 1) : before;
  }

  /** The token at which the definition around the PIVOT begins, or after all of them. */
  private int definition(int pivot) {
    int start = 1;
    for (int at = 1; at < pivot; at++) {
      var token = tokens.all().get(at);
      boolean isBody = token.is("SELECT") || token.is("FROM") || token.is("VALUES");
      if (token.depth() == 0 && isBody) {
        return at;
      }
      if (token.depth() == 0 && token.is(",")) {
        start = at + 1;
      }
    }
    return start == 1 ? 0 : start;
  }
}
