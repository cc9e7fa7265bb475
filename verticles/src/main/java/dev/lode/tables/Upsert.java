package dev.lode.tables;

import java.util.List;

/**
 * Rows to put in the place of those that have their keys.
 *
 * @param key the columns that name a row; NULL is a value like any other
 * @param select the new rows, each key once; null for none
 * @param deleteKeys a SELECT of the key columns whose rows are to go without new ones; or null
 */
public record Upsert(List<String> key, String select, String deleteKeys) {
  public Upsert {
    key = List.copyOf(key);
  }
}
