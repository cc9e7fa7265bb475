package dev.lode.tables;

import java.util.List;

/**
 * The rows of a table that have given keys, and may come after what is asked with.
 *
 * @param key the columns that name a row; NULL is a value like any other
 * @param select keys to look for: has the columns of {@code key} and {@code order}
 * @param order columns that say which of two rows of one key came later; rows that surely came
 *     before all of {@code select} may be left out; empty for every row of the keys
 */
public record KeyLookup(TableName table, List<String> key, String select, List<String> order) {
  public KeyLookup {
    key = List.copyOf(key);
    order = List.copyOf(order);
  }
}
