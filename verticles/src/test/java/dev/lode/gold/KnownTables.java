package dev.lode.gold;

import dev.lode.proof.Proof;
import dev.lode.tables.Lake;
import dev.lode.tables.TableName;
import dev.lode.tables.TableSpec;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** What is known of tables, for tests. */
final class KnownTables {

  private KnownTables() {}

  static Proof.Tables of(Lake lake) {
    return new Proof.Tables() {
      @Override
      public Optional<List<String>> columns(TableName table) {
        return spec(table).map(spec -> spec.fields().stream().map(TableSpec.Field::name).toList());
      }

      @Override
      public List<String> rowKey(TableName table) {
        return spec(table).map(TableSpec::key).orElse(List.of());
      }

      private Optional<TableSpec> spec(TableName table) {
        return lake.exists(table) ? Optional.of(lake.spec(table)) : Optional.empty();
      }
    };
  }

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
}
