package dev.lode.tables;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.List;
import org.apache.iceberg.TableMetadataParser;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class CatalogOperationsTest {
  private static final TableName NAME = TableName.of("silver.customer");
  private static final int MORE_THAN_ARE_LOGGED = 25;

  @TempDir Path folder;
  private Catalog catalog;
  private LakeTable table;

  @BeforeEach
  void create() {
    catalog = Catalog.open(TestLake.options(folder));
    catalog.create(
        new TableSpec(
            NAME,
            List.of(TableSpec.Field.required("tenant_id", "VARCHAR", "Tenant.")),
            List.of(),
            List.of(),
            "Customers."));
    table = catalog.table(NAME);
  }

  @AfterEach
  void close() {
    catalog.close();
  }

  @Test
  void remembersOfItsCommitsWhatTheFilesSay() {
    for (int i = 0; i < MORE_THAN_ARE_LOGGED; i++) {
      commit();
    }
    assertRemembersItsFile();
  }

  @Test
  void remembersOfAStagedCommitWhatTheFilesSay() {
    commit();
    try (var transaction = new Transaction(catalog)) {
      transaction.enter(table);
      commit();
      commit();
      transaction.commit();
    }
    assertRemembersItsFile();
  }

  private void commit() {
    Commits.append(table, Progress.NONE, List.of());
  }

  private void assertRemembersItsFile() {
    var kept = table.state().metadata();
    var read = TableMetadataParser.read(catalog.io(), kept.metadataFileLocation());
    assertThat(TableMetadataParser.toJson(kept)).isEqualTo(TableMetadataParser.toJson(read));
    assertThat(kept.previousFiles()).isEqualTo(read.previousFiles());
    assertThat(kept.lastUpdatedMillis()).isEqualTo(read.lastUpdatedMillis());
    assertThat(kept.changes()).isEmpty();
  }
}
