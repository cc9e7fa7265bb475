package dev.lode.vectors.search;

import java.util.List;

/**
 * Which documents may be hits. Values are typed as their field is; a field of many values matches
 * where one of them does, and {@code ne} is exactly what {@code eq} leaves.
 */
public sealed interface Filter {
  Filter ALL = new And(List.of());

  /** Some value of {@code field} is one of {@code values}. */
  record In(String field, List<Object> values) implements Filter {
    public In {
      values = List.copyOf(values);
    }
  }

  /** Some value of {@code field} lies between; a null bound is open. */
  record Range(String field, Bound low, Bound high) implements Filter {}

  record Bound(Object value, boolean inclusive) {}

  /** {@code field} has a value. */
  record Exists(String field) implements Filter {}

  /** All hold; true of none. */
  record And(List<Filter> filters) implements Filter {
    public And {
      filters = List.copyOf(filters);
    }
  }

  /** One holds; false of none. */
  record Or(List<Filter> filters) implements Filter {
    public Or {
      filters = List.copyOf(filters);
    }
  }

  record Not(Filter filter) implements Filter {}
}
