package dev.lode.silver.sql;

import dev.lode.codecs.ColumnNames;
import dev.lode.silver.sql.Source.Place;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * Finds values by the names that records have, JSON and CSV by one rule: a name that is written
 * exactly as the contract writes it is taken first; else one that differs from it in case, blanks
 * and punctuation alone. Records that have the same names are looked at once, as a shape: {@link
 * #shapes} asks for the shapes of a batch, {@link #read} tells what each means, and {@link #stages}
 * reads the records by that. A name that is there twice, or could be either of two, decides
 * nothing: the record is ambiguous.
 */
final class Naming {
  /** Between the number of an object and a name in it: in no name that one would write. */
  private static final String IN = "\u001f";

  /** The table that {@link #read} makes the rows of. */
  static final String SHAPES = "record_shapes";

  /** Of one tenant alone, so that nobody's names are looked up by another's. */
  private static final String SHAPE = "CAST(hash(tenant_id, header, _keys) >> 1 AS BIGINT)";

  private static final int SHAPE_COLUMNS = 6;

  /** Of one run; records of further ones are rejected. */
  static final int SHAPES_MAX = 20_000;

  /** What names may differ in besides their case. */
  private static final String LOOSE = "[ \\x{A0}\\r\\n\\f_(){}/:''\"\\[\\]\\\\-]";

  private final List<Source> sources;

  /** Objects that hold values, and those that hold these; the record itself is the first. */
  private final List<List<String>> objects;

  /** The best place of each source. */
  private final List<String> first;

  private final Set<String> holders = new HashSet<>();
  private final Set<String> meant = new HashSet<>();
  private final Set<String> headers = new LinkedHashSet<>();
  private final Set<String> collisions;

  /** All {@link Place}s as they are compared, each with its JSON path. */
  private final Map<String, String> places = new LinkedHashMap<>();

  /**
   * @param sources of values, in the order in which they are asked for
   * @param record the path of the object that is the row; empty for the record itself
   */
  Naming(Collection<Source> sources, List<String> record) {
    this.sources = List.copyOf(sources);
    this.objects = objects(this.sources);
    for (Source source : this.sources) {
      source.places().forEach(place -> places.put(key(place), path(place)));
      headers.addAll(headers(source));
    }
    this.first =
        this.sources.stream().map(source -> key(source.places().getFirst())).distinct().toList();
    var exact = new ArrayList<>(places.keySet());
    exact.addAll(headers);
    this.collisions = collisions(exact);
    for (int i = 0; i < objects.size(); i++) {
      var object = objects.get(i);
      if (i > 0) {
        holders.add(key(new Place(object.subList(0, object.size() - 1), object.getLast())));
      }
      if (object.size() >= record.size() && object.subList(0, record.size()).equals(record)) {
        meant.add(String.valueOf(i + 1));
      }
    }
  }

  /**
   * Names that records have.
   *
   * @param names of each object; null where it is not there
   */
  record Shape(long number, boolean csv, List<List<String>> names) {}

  private static List<List<String>> objects(List<Source> sources) {
    var objects = new LinkedHashSet<List<String>>(List.of(List.of()));
    for (Source source : sources) {
      for (Place place : source.places()) {
        for (int i = 1; i <= place.object().size(); i++) {
          objects.add(List.copyOf(place.object().subList(0, i)));
        }
      }
    }
    return objects.stream().sorted(Comparator.comparingInt(List::size)).toList();
  }

  private String key(Place place) {
    return (objects.indexOf(place.object()) + 1) + IN + place.name();
  }

  private static String path(Place place) {
    var path = new ArrayList<>(place.object());
    path.add(place.name());
    return path(path);
  }

  private static String path(List<String> parts) {
    return parts.stream()
        .map(part -> ".\"" + part.replace("\\", "\\\\").replace("\"", "\\\"") + "\"")
        .collect(Collectors.joining("", "$", ""));
  }

  /** One text: where {@code source} stands among what was asked for. */
  String value(Source source) {
    return "_told[" + at(sources.indexOf(source)) + "]";
  }

  private static String at(int source) {
    return "_at_" + source;
  }

  /** The columns of {@link #SHAPES}. */
  String ddl() {
    var columns =
        new StringBuilder(
            "_shape BIGINT, _width INTEGER, _regular BOOLEAN, _ambiguous VARCHAR,"
                + " _matched BOOLEAN, _names VARCHAR");
    for (int i = 0; i < sources.size(); i++) {
      columns.append(", ").append(at(i)).append(" INTEGER");
    }
    return columns.toString();
  }

  /** Rows: the number of a shape, whether it is CSV's, and its names, of each object. */
  String shapes(boolean called) {
    return """
    %s
    SELECT %s, _csv, CASE WHEN _csv THEN [%s] ELSE _keys END
    FROM (
      SELECT *, ltrim(TRY(decode(header)), chr(65279)) AS _line FROM (
        SELECT any_value(_csv) AS _csv, any_value(header) AS header,
          any_value(_keys) AS _keys, any_value(tenant_id) AS tenant_id
        FROM keyed WHERE _csv OR _keys IS NOT NULL GROUP BY %s LIMIT %d))\
    """
        .formatted(keyed(called), SHAPE, Csv.fields("_line"), SHAPE, SHAPES_MAX);
  }

  /**
   * The stages from {@code texts} to {@code told}: {@code _told} (texts; null where the record
   * cannot be read), {@code _at} (where in it each source is; null for nowhere), {@code _ambiguous}
   * (why; null where it is not), {@code _unknown} (names that nothing takes), {@code _matched}
   * (whether any is taken), {@code _fields} and {@code _width}.
   *
   * @param called whether objects may have other names than the contract's
   * @param inexact whether the parser may have changed a number that is asked for
   */
  String stages(boolean called, String inexact) {
    return """
    %s,
    split AS (
      SELECT keyed.* EXCLUDE (header, _keys), _keys IS NOT NULL AS _object, found.*,
        string_split(_names, '%s') AS _unknown,
        CASE WHEN _csv THEN %s END AS _fields
      FROM keyed LEFT JOIN %s AS found ON %s = _shape),
    parsed AS (
      SELECT *,
        CASE WHEN _csv THEN CASE WHEN len(_fields) = _width THEN _fields END
          WHEN NOT _object OR _shape IS NULL THEN NULL
          ELSE %s END AS _told
      FROM split),
    told AS (
      SELECT * REPLACE (
        CASE WHEN CASE WHEN NOT _csv AND _told IS NOT NULL THEN %s END
          THEN %s ELSE _told END AS _told)
      FROM parsed)\
    """
        .formatted(
            keyed(called),
            IN,
            Csv.fields("_payload"),
            SHAPES,
            SHAPE,
            texts("TRY_CAST(_payload AS JSON)"),
            inexact,
            JsonSql.exact("_payload", json -> texts("TRY_CAST(" + json + " AS JSON)")));
  }

  /** The values of a record: of all that is asked for, or of all there is. */
  private String texts(String json) {
    return "CASE WHEN _regular THEN json_extract_string(%s, [%s]) ELSE %s END"
        .formatted(
            json,
            Quote.texts(first.stream().map(places::get).toList()),
            objects.stream()
                .map(
                    object ->
                        "json_extract_string(%s, %s)"
                            .formatted(json, Quote.text(path(object) + ".*")))
                .collect(Collectors.joining(" || ")));
  }

  /** The names of each object; one that is written otherwise is first called as it should be. */
  private String keyed(boolean called) {
    String keys =
        "CASE WHEN NOT _csv AND starts_with(ltrim(_payload, E' \\t\\r\\n'), '{')"
            + " THEN TRY(json_keys(_payload, ["
            + Quote.texts(objects.stream().map(Naming::path).toList())
            + "])) END AS _keys";
    if (!called) {
      return "keyed AS (SELECT *, " + keys + " FROM texts)";
    }
    var stages = new StringBuilder("keyed_1 AS (SELECT *, " + keys + " FROM texts)");
    for (int i = 2; i <= objects.size(); i++) {
      boolean last = i == objects.size();
      stages.append(
          """
          ,
          called_%1$d AS (SELECT * REPLACE (%2$s AS _payload) FROM keyed_%3$d),
          %4$s AS (SELECT * EXCLUDE (_keys), %5$s FROM called_%1$d)\
          """
              .formatted(
                  i,
                  called(i),
                  i - 1,
                  last ? "keyed" : "keyed_" + i,
                  "CASE WHEN _keys[%d] IS NULL THEN %s ELSE _keys END AS _keys"
                      .formatted(i, keys.replace(" AS _keys", ""))));
    }
    return stages.toString();
  }

  /** The payload, where object {@code i} is missing and one name alone can mean it. */
  private String called(int i) {
    List<String> object = objects.get(i - 1);
    int holder = objects.indexOf(object.subList(0, object.size() - 1)) + 1;
    String name = object.getLast();
    String found =
        "list_filter(_keys[%d], lambda n: %s = %s)"
            .formatted(holder, folded("n"), Quote.text(ColumnNames.folded(name)));
    return """
    CASE WHEN _keys[%1$d] IS NULL AND len(%2$s) = 1 AND NOT list_contains(_keys[%3$d], %4$s)
      THEN regexp_replace(_payload, '"' || regexp_escape(%2$s[1]) || '"\\s*:', %5$s, 'g')
      ELSE _payload END\
    """
        .formatted(
            i, found, holder, Quote.text(name), Quote.text("\"" + name.replace("\\", "") + "\":"));
  }

  /** Whether an object of the contract may be there under another name. */
  boolean isCalled(Shape shape) {
    if (shape.csv()) {
      return false;
    }
    for (int i = 1; i < objects.size(); i++) {
      var holder = objects.indexOf(objects.get(i).subList(0, objects.get(i).size() - 1));
      var names = shape.names().get(holder);
      String folded = ColumnNames.folded(objects.get(i).getLast());
      if (shape.names().get(i) == null
          && names != null
          && names.stream().anyMatch(name -> ColumnNames.folded(name).equals(folded))) {
        return true;
      }
    }
    return false;
  }

  /** A row of {@link #SHAPES}. */
  Object[] read(Shape shape) {
    var all = shape.csv() ? List.of(objects.getFirst()) : objects;
    var entries = new ArrayList<String>();
    for (int i = 0; i < all.size() && i < shape.names().size(); i++) {
      var names = shape.names().get(i);
      for (String name : names == null ? List.<String>of() : names) {
        entries.add(name == null || name.isEmpty() ? null : (i + 1) + IN + name);
      }
    }
    var asked =
        sources.stream().map(source -> shape.csv() ? headers(source) : keys(source)).toList();
    var matched = new Match(entries, asked, shape.csv() ? headers : places.keySet(), collisions);
    boolean regular = !shape.csv() && isRegular(matched, entries);
    var row = new Object[SHAPE_COLUMNS + sources.size()];
    for (int i = 0; i < sources.size(); i++) {
      Integer position = matched.positions().get(i);
      if (position != null) {
        row[SHAPE_COLUMNS + i] = 1 + (regular ? first.indexOf(entries.get(position)) : position);
      }
    }
    var unknown = new ArrayList<String>();
    for (int i = 0; i < entries.size(); i++) {
      String entry = entries.get(i);
      if (entry != null && !matched.positions().contains(i) && isMeant(entry, shape.csv())) {
        unknown.add(shown(entry));
      }
    }
    row[0] = shape.number();
    row[1] = shape.csv() && shape.names().getFirst() == null ? null : entries.size();
    row[2] = regular;
    row[3] =
        matched.twice() != null
            ? shown(matched.twice()) + " is there twice"
            : matched.either() != null ? shown(matched.either()) + " could be either of two" : null;
    row[4] = matched.positions().stream().anyMatch(Objects::nonNull);
    row[5] =
        unknown.isEmpty()
            ? null
            : String.join(IN, unknown.subList(0, Math.min(100, unknown.size())));
    return row;
  }

  /** Whatever is there is in its first place: one call of the engine reads it, the quickest way. */
  private boolean isRegular(Match matched, List<String> entries) {
    for (Integer position : matched.positions()) {
      if (position != null && !first.contains(entries.get(position))) {
        return false;
      }
    }
    return true;
  }

  /** Whether a column should have taken it. */
  private boolean isMeant(String entry, boolean csv) {
    return csv || (!holders.contains(entry) && meant.contains(number(entry)));
  }

  private static String number(String entry) {
    return entry.substring(0, entry.indexOf(IN));
  }

  /** As one would write it: {@code customer.id}. */
  private String shown(String entry) {
    var parts = new ArrayList<>(objects.get(Integer.parseInt(number(entry)) - 1));
    parts.add(entry.substring(entry.indexOf(IN) + 1));
    return String.join(".", parts);
  }

  private List<String> keys(Source source) {
    return source.places().stream().map(this::key).toList();
  }

  private static List<String> headers(Source source) {
    return source.headers().stream().map(name -> "1" + IN + name).toList();
  }

  /** As names are compared that are not the same; an expression. */
  static String folded(String name) {
    return "lower(nfc_normalize(regexp_replace(%s, '%s', '', 'g')))".formatted(name, LOOSE);
  }

  private static String foldedKey(String key) {
    int end = key.indexOf(IN) + 1;
    return key.substring(0, end) + ColumnNames.folded(key.substring(end));
  }

  /** Folded names that two different ones have: they stand for neither. */
  private static Set<String> collisions(Collection<String> exact) {
    var seen = new HashMap<String, String>();
    var twice = new HashSet<String>();
    for (String name : exact) {
      String other = seen.putIfAbsent(foldedKey(name), name);
      if (other != null && !other.equals(name)) {
        twice.add(foldedKey(name));
      }
    }
    return twice;
  }
}
