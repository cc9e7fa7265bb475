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

  public static Object[] line(
      String tenant, String invoice, String stock, int quantity, String price, String customer) {
    return line(tenant, invoice, stock, quantity, price, customer, "2011-01-04T10:00:00Z");
  }

  public static Object[] line(
      String tenant,
      String invoice,
      String stock,
      int quantity,
      String price,
      String customer,
      String at) {
    return new Object[] {
      tenant,
      invoice,
      stock,
      "Thing " + stock,
      quantity,
      Instant.parse(at),
      new BigDecimal(price).setScale(4),
      customer,
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
