package dev.lode.cli;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.PrintStream;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.StreamSupport;

/**
 * Rows under column names, aligned: numbers to the right, nulls dim. A null cell is a SQL NULL.
 *
 * @param isNumber per column
 */
public record Grid(List<String> names, List<Boolean> isNumber, List<List<String>> rows) {
  private static final int CELL_MAX = 60;

  public Grid {
    names = List.copyOf(names);
    isNumber = List.copyOf(isNumber);
  }

  /** Reads {@code {"columns": [{"name", "type"}], "rows": [[...]]}}. */
  public static Grid of(JsonNode result) {
    var names = new ArrayList<String>();
    var numbers = new ArrayList<Boolean>();
    for (JsonNode column : result.path("columns")) {
      names.add(column.path("name").asText());
      numbers.add(column.path("type").asText().matches(".*(INT|DECIMAL|DOUBLE|FLOAT|REAL)[^\\[]*"));
    }
    var rows = new ArrayList<List<String>>();
    result.path("rows").forEach(row -> rows.add(cells(row)));
    return new Grid(names, numbers, rows);
  }

  private static List<String> cells(JsonNode row) {
    return StreamSupport.stream(row.spliterator(), false).map(Grid::cell).toList();
  }

  private static String cell(JsonNode value) {
    if (value.isNull()) {
      return null;
    }
    if (value.isContainerNode()) {
      return value.toString();
    }
    return value.isNumber() ? value.decimalValue().toPlainString() : value.asText();
  }

  /** Aligned columns under a header. */
  public void print(Terminal terminal) {
    lines(terminal).forEach(terminal.out()::println);
  }

  /** Header, rule and rows. */
  public List<String> lines(Terminal terminal) {
    int[] widths = IntStream.range(0, names.size()).map(this::width).toArray();
    var lines = new ArrayList<String>();
    lines.add(terminal.bold(line(names, widths, terminal)));
    lines.add(
        terminal.dim(IntStream.of(widths).mapToObj("─"::repeat).collect(Collectors.joining("  "))));
    rows.forEach(row -> lines.add(line(row, widths, terminal)));
    return lines;
  }

  private int width(int column) {
    int widest = rows.stream().mapToInt(row -> shown(row.get(column)).length()).max().orElse(0);
    return Math.max(shown(names.get(column)).length(), widest);
  }

  private static String shown(String text) {
    return text == null ? "NULL" : Terminal.clipped(text, CELL_MAX);
  }

  private String line(List<String> cells, int[] widths, Terminal terminal) {
    return IntStream.range(0, widths.length)
        .mapToObj(
            column -> {
              String text = shown(cells.get(column));
              String gap = " ".repeat(widths[column] - text.length());
              String word = cells.get(column) == null ? terminal.dim(text) : text;
              return isNumber.get(column) ? gap + word : word + gap;
            })
        .collect(Collectors.joining("  "))
        .stripTrailing();
  }

  /** RFC 4180; NULL is an empty field. */
  public void csv(PrintStream out) {
    out.println(names.stream().map(Grid::quoted).collect(Collectors.joining(",")));
    rows.forEach(
        row ->
            out.println(
                row.stream()
                    .map(cell -> cell == null ? "" : quoted(cell))
                    .collect(Collectors.joining(","))));
  }

  private static String quoted(String field) {
    return field.matches("(?s).*[\",\r\n].*") ? '"' + field.replace("\"", "\"\"") + '"' : field;
  }
}
