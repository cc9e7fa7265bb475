package dev.lode.gold;

import dev.lode.config.LodeConfig;
import dev.lode.config.Span;
import dev.lode.proof.Proof;
import dev.lode.tables.TableName;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** What is known of tables and limits, for tests. */
final class KnownTables {

  private KnownTables() {}

  /** Columns that name a row, where nothing else is known. */
  static Proof.Tables of(Map<String, List<String>> rowKeys) {
    return new Proof.Tables() {
      @Override
      public Optional<List<String>> columns(TableName table) {
        return Optional.empty();
      }

      @Override
      public List<String> rowKey(TableName table) {
        return rowKeys.getOrDefault(table.toString(), List.of());
      }
    };
  }

  /** Limits, but for these, that no test reaches. */
  static LodeConfig.Gold config(int keysMin, int keysMax, int filesMax) {
    return new LodeConfig.Gold(
        Span.parse("1h"),
        keysMin,
        keysMax,
        filesMax,
        1_000_000,
        Span.parse("1m"),
        Span.parse("1h"),
        100,
        Span.parse("30s"));
  }
}
