package dev.lode.gold;

import static dev.lode.tables.TableSpec.Field.optional;
import static dev.lode.tables.TableSpec.Field.required;

import dev.lode.tables.Lake;
import dev.lode.tables.Progress;
import dev.lode.tables.Snapshot;
import dev.lode.tables.TableName;
import dev.lode.tables.TableSpec;
import java.math.BigDecimal;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.UUID;
import java.util.stream.Stream;

/** {@code silver.invoice_line} as the Silver layer would have it. */
public final class InvoiceLines {
  public static final TableName TABLE = TableName.of("silver.invoice_line");
  public static final TableSpec SPEC =
      new TableSpec(
          TABLE,
          List.of(
              required("tenant_id", "VARCHAR", ""),
              required("invoice_no", "VARCHAR", ""),
              required("stock_code", "VARCHAR", ""),
              optional("description", "VARCHAR", ""),
              required("quantity", "INTEGER", ""),
              required("invoice_date", "TIMESTAMP WITH TIME ZONE", ""),
              required("unit_price", "DECIMAL(18,4)", ""),
              optional("customer_id", "VARCHAR", ""),
              required("country", "VARCHAR", ""),
              required("lineage_id", "UUID", ""),
              optional("_flags", "VARCHAR[]", "")),
          List.of("tenant_id", "lineage_id"),
          List.of("tenant_id", "day(invoice_date)"),
          "Lines.");

  private InvoiceLines() {}

  /** {@code tenant invoice stock quantity price customer [time]}; customer - for none. */
  public static Object[] line(String text) {
    String[] words = text.split(" ", -1);
    return new Object[] {
      words[0],
      words[1],
      words[2],
      "Thing " + words[2],
      Integer.valueOf(words[3]),
      Instant.parse(words.length > 6 ? words[6] : "2011-01-04T10:00:00Z"),
      new BigDecimal(words[4]).setScale(4),
      words[5].equals("-") ? null : words[5],
      "France",
      UUID.randomUUID(),
      List.of()
    };
  }

  public static Snapshot append(Lake lake, Object[]... lines) {
    lake.ensure(SPEC);
    return lake.append(TABLE, List.of(lines), Progress.NONE);
  }

  /** A folder of the repository, looked for upward from where the tests run. */
  public static Path repository(String folder) {
    return Stream.iterate(Path.of("").toAbsolutePath(), path -> path != null, Path::getParent)
        .map(path -> path.resolve(folder))
        .filter(Files::isDirectory)
        .findFirst()
        .orElse(Path.of(folder));
  }
}
