package dev.lode.vectors.lucene;

import static java.util.Objects.requireNonNull;

import dev.lode.vectors.search.FieldType;
import dev.lode.vectors.search.Filter;
import dev.lode.vectors.search.Filter.Bound;
import java.math.RoundingMode;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.apache.lucene.document.DoubleField;
import org.apache.lucene.document.DoublePoint;
import org.apache.lucene.document.KeywordField;
import org.apache.lucene.document.LongField;
import org.apache.lucene.search.BooleanClause.Occur;
import org.apache.lucene.search.BooleanQuery;
import org.apache.lucene.search.FieldExistsQuery;
import org.apache.lucene.search.MatchAllDocsQuery;
import org.apache.lucene.search.MatchNoDocsQuery;
import org.apache.lucene.search.Query;
import org.apache.lucene.search.TermRangeQuery;
import org.apache.lucene.util.BytesRef;

/** Filters as Lucene queries, over fields of the types that the index was made with. */
final class FilterQueries {
  private final Map<String, FieldType> types;

  FilterQueries(Map<String, FieldType> types) {
    this.types = requireNonNull(types, "types is null");
  }

  Query of(Filter filter) {
    return switch (filter) {
      case Filter.And and -> all(and.filters());
      case Filter.Or or -> any(or.filters());
      case Filter.Not not -> not(of(not.filter()));
      case Filter.In in -> in(in.field(), in.values());
      case Filter.Range range -> range(range);
      case Filter.Exists exists -> exists(exists.field());
    };
  }

  private Query all(List<Filter> filters) {
    if (filters.isEmpty()) {
      return MatchAllDocsQuery.INSTANCE;
    }
    var query = new BooleanQuery.Builder();
    filters.forEach(filter -> query.add(of(filter), Occur.FILTER));
    return query.build();
  }

  private Query any(List<Filter> filters) {
    var query = new BooleanQuery.Builder();
    filters.forEach(filter -> query.add(of(filter), Occur.SHOULD));
    return query.build();
  }

  private static Query not(Query query) {
    return new BooleanQuery.Builder()
        .add(MatchAllDocsQuery.INSTANCE, Occur.FILTER)
        .add(query, Occur.MUST_NOT)
        .build();
  }

  private Query exists(String name) {
    FieldType type = types.get(name);
    return type == null
        ? MatchNoDocsQuery.INSTANCE
        : new FieldExistsQuery(Fields.metadata(name, type));
  }

  private Query in(String name, Collection<Object> values) {
    FieldType type = types.get(name);
    if (type == null) {
      return MatchNoDocsQuery.INSTANCE;
    }
    String field = Fields.metadata(name, type);
    return switch (type.kind()) {
      case TEXT -> {
        List<BytesRef> terms = values.stream().map(Fields::term).toList();
        yield KeywordField.newSetQuery(field, terms);
      }
      case REAL ->
          DoubleField.newSetQuery(
              field, values.stream().mapToDouble(value -> (Double) value).toArray());
      case NUMBER, BOOLEAN, DATE, TIME ->
          LongField.newSetQuery(
              field,
              values.stream()
                  .map(value -> exact(type, value))
                  .filter(Objects::nonNull)
                  .mapToLong(Long::longValue)
                  .toArray());
    };
  }

  /** Null where no document can have it: 2.555 in a field of hundredths. */
  private static Long exact(FieldType type, Object value) {
    try {
      return Fields.number(type, value, RoundingMode.UNNECESSARY);
    } catch (ArithmeticException e) {
      return null;
    }
  }

  private Query range(Filter.Range range) {
    FieldType type = types.get(range.field());
    if (type == null) {
      return MatchNoDocsQuery.INSTANCE;
    }
    String field = Fields.metadata(range.field(), type);
    Bound low = range.low();
    Bound high = range.high();
    return switch (type.kind()) {
      case TEXT ->
          new TermRangeQuery(
              field,
              low == null ? null : Fields.term(low.value()),
              high == null ? null : Fields.term(high.value()),
              low != null && low.inclusive(),
              high != null && high.inclusive());
      case REAL -> DoubleField.newRangeQuery(field, lowReal(low), highReal(high));
      case NUMBER, BOOLEAN, DATE, TIME -> between(field, lowest(type, low), highest(type, high));
    };
  }

  private static double lowReal(Bound low) {
    if (low == null) {
      return Double.NEGATIVE_INFINITY;
    }
    double value = (Double) low.value();
    return low.inclusive() ? value : DoublePoint.nextUp(value);
  }

  private static double highReal(Bound high) {
    if (high == null) {
      return Double.POSITIVE_INFINITY;
    }
    double value = (Double) high.value();
    return high.inclusive() ? value : DoublePoint.nextDown(value);
  }

  private static Query between(String field, long low, long high) {
    return low > high ? MatchNoDocsQuery.INSTANCE : LongField.newRangeQuery(field, low, high);
  }

  /** The least whole number that is in. */
  private static long lowest(FieldType type, Bound low) {
    if (low == null) {
      return Long.MIN_VALUE;
    }
    long floor = rounded(type, low.value(), RoundingMode.FLOOR);
    boolean isIn = low.inclusive() && Objects.equals(exact(type, low.value()), floor);
    return isIn || floor == Long.MAX_VALUE ? floor : floor + 1;
  }

  /** The greatest whole number that is in. */
  private static long highest(FieldType type, Bound high) {
    if (high == null) {
      return Long.MAX_VALUE;
    }
    long ceiling = rounded(type, high.value(), RoundingMode.CEILING);
    boolean isIn = high.inclusive() && Objects.equals(exact(type, high.value()), ceiling);
    return isIn || ceiling == Long.MIN_VALUE ? ceiling : ceiling - 1;
  }

  private static long rounded(FieldType type, Object value, RoundingMode rounding) {
    try {
      return Fields.number(type, value, rounding);
    } catch (ArithmeticException e) {
      boolean isNegative = ((Number) value).doubleValue() < 0;
      return isNegative ? Long.MIN_VALUE : Long.MAX_VALUE;
    }
  }
}
