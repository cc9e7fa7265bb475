package dev.lode.gold;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.lode.codecs.Failure;
import dev.lode.config.Nearest;
import dev.lode.config.Span;
import dev.lode.tables.Statement;
import dev.lode.tables.TableName;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedSet;
import java.util.TreeSet;
import java.util.function.Function;
import java.util.regex.Pattern;

/** Reads one mart's file, and collects all that is wrong with it rather than stop at the first. */
final class MartReader {
  private static final List<String> KNOWN =
      List.of("description", "materialization", "key", "incremental", "schedule", "tests");
  private static final Pattern NAME = Pattern.compile("[a-z_][a-z0-9_]*");
  private static final Pattern TOUCH = Pattern.compile("(\\S+)\\s+by\\s+(.+)");
  private static final Pattern PAIR = Pattern.compile("([a-z_][a-z0-9_]*)\\s*=\\s*(.+)");

  private final String file;
  private final String name;
  private final MartHeader header;
  private final Function<String, Statement> parser;
  private final List<String> problems = new ArrayList<>();

  /**
   * @param file as it is named in problems
   * @param parser the engine's own; a Failure says what it cannot parse
   */
  MartReader(String file, String name, String text, Function<String, Statement> parser) {
    this.file = file;
    this.name = name;
    this.header = MartHeader.parse(text);
    this.parser = parser;
  }

  List<String> problems() {
    return List.copyOf(problems);
  }

  /** Empty where there are problems. */
  Optional<Mart> read() {
    header.strays().forEach(line -> problem(line, "write -- key: value, or go on with --   text"));
    header.entries().forEach(this::checkKey);
    String description = required("description");
    boolean incremental = "incremental".equals(materialization());
    List<String> key = names("key", required("key"));
    Optional<Statement> statement = parse(header.sql(), 0);
    var inputs = statement.map(this::inputs).orElseGet(TreeSet::new);
    Optional<List<String>> columns = statement.flatMap(parsed -> SelectList.of(parsed.tree()));
    columns.ifPresent(names -> checkColumns(names, key));
    var touches = touches(key, inputs);
    if (incremental && touches.isEmpty() && entries("incremental").isEmpty()) {
      problem(0, "incremental needs -- incremental: <table> by <key> = <expression>");
    }
    Duration every = every();
    List<Expectation> tests = tests(columns);
    return problems.isEmpty()
        ? Optional.of(
            new Mart(
                name,
                description,
                incremental,
                key,
                touches,
                every,
                tests,
                header.sql(),
                inputs,
                Mart.Nature.UNKNOWN))
        : Optional.empty();
  }

  private void checkKey(MartHeader.Entry entry) {
    if (!KNOWN.contains(entry.key())) {
      problem(entry.line(), "unknown key " + entry.key() + meant(entry.key(), KNOWN));
    } else if (!entry.key().equals("incremental") && entries(entry.key()).size() > 1) {
      problem(entry.line(), entry.key() + " stands twice");
    }
  }

  private String materialization() {
    String value = required("materialization");
    if (!value.isEmpty() && !List.of("table", "incremental").contains(value)) {
      problem(
          line("materialization"), "invalid materialization: " + value + " (table or incremental)");
    }
    return value;
  }

  private SortedSet<TableName> inputs(Statement statement) {
    var inputs = new TreeSet<TableName>();
    for (String table : statement.tables()) {
      try {
        inputs.add(TableName.of(table));
      } catch (Failure e) {
        problem(0, "reads " + table + ": name it with its layer, silver." + table);
      }
    }
    if (statement.tables().isEmpty()) {
      problem(0, "reads no table");
    }
    return inputs;
  }

  private void checkColumns(List<String> columns, List<String> key) {
    for (int i = 0; i < columns.size(); i++) {
      if (!NAME.matcher(columns.get(i)).matches()) {
        problem(0, "column " + (i + 1) + " needs a name: write AS name (a-z, 0-9, _)");
      }
    }
    Keys.withTenant(key).stream()
        .filter(column -> !columns.contains(column))
        .forEach(column -> problem(0, "the SELECT lacks " + column));
  }

  private Map<TableName, Mart.Touch> touches(List<String> key, Collection<TableName> inputs) {
    var touches = new LinkedHashMap<TableName, Mart.Touch>();
    for (var entry : entries("incremental")) {
      var matcher = TOUCH.matcher(entry.value());
      if (!matcher.matches()) {
        problem(entry.line(), "write incremental: <table> by <key> = <expression>, ...");
        continue;
      }
      String table = matcher.group(1);
      var input = inputs.stream().filter(name -> name.toString().equals(table)).findFirst();
      if (input.isEmpty()) {
        var known = inputs.stream().map(TableName::toString).toList();
        problem(entry.line(), "the SELECT does not read " + table + meant(table, known));
      } else {
        touches.put(input.get(), touch(entry, matcher.group(2), key));
      }
    }
    return touches;
  }

  private Mart.Touch touch(MartHeader.Entry entry, String text, List<String> key) {
    var expressions = new LinkedHashMap<String, String>();
    for (String part : MartHeader.split(text)) {
      var pair = PAIR.matcher(part);
      if (pair.matches()) {
        expressions.put(pair.group(1), pair.group(2));
        parse("SELECT " + pair.group(2), entry.line());
      } else if (NAME.matcher(part).matches()) {
        expressions.put(part, part);
      } else {
        problem(entry.line(), "write <key> = <expression>: " + part);
      }
    }
    if (!expressions.keySet().equals(new java.util.HashSet<>(key))) {
      problem(entry.line(), "gives " + expressions.keySet() + ", but the key is " + key);
    }
    return new Mart.Touch(expressions);
  }

  private Duration every() {
    String value = value("schedule");
    if (value.isEmpty() || value.equals("on-commit")) {
      return Duration.ZERO;
    }
    try {
      if (value.startsWith("every ")) {
        return Span.parse(value.substring("every ".length())).duration();
      }
    } catch (IllegalArgumentException e) {
      // Said below.
    }
    problem(line("schedule"), "invalid schedule: " + value + " (on-commit, or every 10m)");
    return Duration.ZERO;
  }

  private List<Expectation> tests(Optional<List<String>> columns) {
    var tests = new ArrayList<Expectation>();
    for (String text : MartHeader.split(value("tests"))) {
      try {
        Expectation test = Expectation.parse(text);
        if (columns.filter(names -> !names.contains(test.column())).isPresent()) {
          problem(line("tests"), test + ": the SELECT has no column " + test.column());
        }
        tests.add(test);
      } catch (IllegalArgumentException | Failure e) {
        problem(line("tests"), "invalid test: " + text + " (" + e.getMessage() + ")");
      }
    }
    return tests;
  }

  private Optional<Statement> parse(String sql, int line) {
    try {
      return Optional.of(parser.apply(sql));
    } catch (Failure e) {
      problem(line, e.getMessage());
      return Optional.empty();
    }
  }

  private List<String> names(String what, String value) {
    List<String> names = MartHeader.split(value);
    names.stream()
        .filter(word -> !NAME.matcher(word).matches())
        .forEach(word -> problem(line(what), "invalid column: " + word));
    return names.stream().filter(word -> !word.equals("tenant_id")).toList();
  }

  private String required(String key) {
    String value = value(key);
    if (value.isEmpty()) {
      problem(0, "lacks -- " + key + ": ...");
    }
    return value;
  }

  private List<MartHeader.Entry> entries(String key) {
    return header.entries().stream().filter(entry -> entry.key().equals(key)).toList();
  }

  private String value(String key) {
    return entries(key).stream().map(MartHeader.Entry::value).findFirst().orElse("");
  }

  private int line(String key) {
    return entries(key).stream().mapToInt(MartHeader.Entry::line).findFirst().orElse(0);
  }

  private void problem(int line, String text) {
    problems.add(file + (line > 0 ? ":" + line : "") + ": " + text);
  }

  /** Says what is wrong with the SELECT, at so many bytes of it; negative for nowhere. */
  void problem(long place, String text) {
    byte[] sql = header.sql().getBytes(UTF_8);
    if (place < 0 || place > sql.length) {
      problem(header.line(), text);
      return;
    }
    String before = new String(sql, 0, (int) place, UTF_8);
    long line = header.line() + before.chars().filter(c -> c == '\n').count();
    int column = before.length() - before.lastIndexOf('\n');
    problems.add("%s:%d:%d: %s".formatted(file, line, column, text));
  }

  static String meant(String word, Collection<String> known) {
    return Nearest.to(word, known).map(name -> " (did you mean " + name + "?)").orElse("");
  }
}
