package dev.lode.tables;

import static dev.lode.tables.TableSpec.Field.required;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.lode.codecs.ErrorCode;
import dev.lode.codecs.Failure;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.apache.iceberg.io.FileInfo;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class WarehouseTest {
  @TempDir Path folder;

  @Test
  void saysWhichJarAnObjectStoreNeeds() {
    assertThatThrownBy(() -> Lake.open(at("s3://lake/warehouse/")))
        .isInstanceOfSatisfying(
            Failure.class,
            failure -> {
              assertThat(failure.code()).isEqualTo(ErrorCode.INVALID_CONFIG);
              assertThat(failure.hint())
                  .isEqualTo(
                      "Put iceberg-aws-bundle-1.12.0.jar of org.apache.iceberg beside the other"
                          + " jars in lib/.");
            })
        .hasMessage(
            "Cannot open the warehouse s3://lake/warehouse: org.apache.iceberg.aws.s3.S3FileIO is"
                + " missing");
    assertThatThrownBy(() -> Lake.open(at("ftp://lake")))
        .isInstanceOf(Failure.class)
        .hasMessage(
            "Cannot open the warehouse ftp://lake: unknown scheme ftp (must be file, abfss, gs,"
                + " s3)");
  }

  @Test
  void saysWhatIsWrongWithTheCatalog() {
    assertThatThrownBy(() -> Lake.open(TestLake.options(folder, "mysql://x")))
        .isInstanceOf(Failure.class)
        .hasMessage(
            "Cannot open the catalog mysql://x (must be jdbc:sqlite:<file> or"
                + " jdbc:postgresql:...)");
    assertThatThrownBy(
            () -> Lake.open(TestLake.options(folder, "jdbc:postgresql://127.0.0.1:1/none?user=x")))
        .isInstanceOf(Failure.class)
        .hasMessageStartingWith("Cannot ask the catalog: Connection to 127.0.0.1:1 refused.");
  }

  @Test
  void refusesACatalogWhoseTablesLieInAnotherFolder() {
    TestLake.open(folder).close();
    try (var lake = TestLake.open(folder)) {
      lake.ensure(BronzeTable.spec("shop", "order"));
    }
    String catalog = TestLake.options(folder).catalogUrl();
    Path other = folder.resolve("other");
    assertThatThrownBy(() -> Lake.open(TestLake.options(other, catalog)))
        .hasMessageStartingWith(
            "Cannot open the catalog: its tables lie elsewhere than in the warehouse file:")
        .hasMessageContaining("shop_order")
        .isInstanceOfSatisfying(
            Failure.class,
            failure -> assertThat(failure.code()).isEqualTo(ErrorCode.INVALID_CONFIG));
    TestLake.open(folder).close();
  }

  @Test
  void keepsASecondProcessOutOfACatalogInAFile() throws Exception {
    try (var lake = TestLake.open(folder)) {
      assertThat(lake.tables()).isEmpty();
      var other =
          new ProcessBuilder(
                  ProcessHandle.current().info().command().orElseThrow(),
                  "-cp",
                  System.getProperty("java.class.path"),
                  SecondProcess.class.getName(),
                  folder.toString())
              .redirectErrorStream(true)
              .start();
      var said = new String(other.getInputStream().readAllBytes(), StandardCharsets.UTF_8);

      assertThat(said)
          .contains(
              "Cannot open " + folder.resolve("catalog.db") + ": another process has it open");
    }
  }

  /** Opens the lake in the folder that it is given. */
  static final class SecondProcess {
    private SecondProcess() {}

    public static void main(String[] arguments) {
      OneProcess.of(Path.of(arguments[0]).resolve("catalog.db")).close();
    }
  }

  @Test
  void takesPathsInsteadOfUrls() {
    try (var lake = Lake.open(at(folder.resolve("a b").toString()))) {
      var table = TableName.of("gold.x");
      lake.ensure(
          new TableSpec(
              table,
              List.of(required("tenant_id", "VARCHAR", "d")),
              List.of(),
              List.of(),
              "With a blank in its path."));
      try (var session = lake.session()) {
        session.append(table, "SELECT 'it''s' AS tenant_id", Progress.NONE);
        session.bind("x", Slice.now(table));
        assertThat(session.query("SELECT * FROM x", 1).single()).isEqualTo("it's");
      }
    }
  }

  @Test
  void givesAFileItsNameOnlyWhenAllOfItIsWritten() throws IOException {
    var io = new LocalFileIO(new Disk(true), new Holds());
    Path target = folder.resolve("new/deep/file");
    var output = io.newOutputFile(LocalFileIO.location(target));
    try (var stream = output.create()) {
      stream.write("first".getBytes(StandardCharsets.UTF_8));
      stream.write(new byte[100_000]);
      stream.write('!');
      assertThat(stream.getPos()).isEqualTo(100_006);
      assertThat(target).doesNotExist();
    }

    assertThat(target).hasSize(100_006);
    assertThat(io.newInputFile(output.location()).getLength()).isEqualTo(100_006);
    assertThatThrownBy(output::create).hasMessage("Cannot create %s: it exists", output.location());
    try (var stream = output.createOrOverwrite()) {
      stream.write("second".getBytes(StandardCharsets.UTF_8));
    }
    assertThat(target).hasContent("second");
    io.deleteFile(output.location());
    assertThat(target).doesNotExist();
  }

  @Test
  void ignoresFilesThatACrashLeftBehind() throws IOException {
    var table = TableName.of("gold.x");
    try (var lake = TestLake.open(folder)) {
      lake.ensure(
          new TableSpec(
              table,
              List.of(required("tenant_id", "VARCHAR", "d")),
              List.of(),
              List.of(),
              "Crashed."));
      lake.append(table, List.<Object[]>of(new Object[] {"a"}), Progress.NONE);
    }
    Path data = folder.resolve("warehouse/gold/x/data");
    Path metadata = folder.resolve("warehouse/gold/x/metadata");
    Files.writeString(data.resolve("orphan.parquet"), "half a fi");
    Files.writeString(metadata.resolve(".00002-x.metadata.json.draft"), "{");
    Files.writeString(metadata.resolve("00002-x.metadata.json"), "{");

    try (var lake = TestLake.open(folder);
        var session = lake.session()) {
      assertThat(lake.head(table).orElseThrow().rows()).isEqualTo(1);
      lake.append(table, List.<Object[]>of(new Object[] {"b"}), Progress.NONE);
      session.bind("x", Slice.now(table));
      assertThat(session.query("SELECT count(*) FROM x", 1).count()).isEqualTo(2);
    }
  }

  private LakeOptions at(String warehouse) {
    LakeOptions usual = TestLake.options(folder);
    return new LakeOptions(
        usual.catalogUrl(),
        warehouse,
        usual.scratch(),
        usual.memory(),
        usual.threads(),
        usual.narrowRowsMax(),
        usual.recentRowsMax(),
        usual.keyIndexBytesMax(),
        usual.sessionsMax(),
        usual.sessionWait(),
        usual.fsync(),
        usual.clock());
  }

  @Test
  void listsWhatIsThereThoughAFileHasGone() throws IOException {
    Path here = Files.createFile(folder.resolve("here"));
    Files.createSymbolicLink(folder.resolve("gone"), folder.resolve("nothing"));
    var io = new LocalFileIO(new Disk(false), new Holds());
    assertThat(io.list(folder.toString()))
        .extracting(FileInfo::location)
        .containsExactly(LocalFileIO.location(here));
  }
}
