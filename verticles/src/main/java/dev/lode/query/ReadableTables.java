package dev.lode.query;

import dev.lode.codecs.ErrorCode;
import dev.lode.codecs.Failure;
import dev.lode.config.Nearest;
import dev.lode.tables.Lake;
import dev.lode.tables.TableName;
import java.util.Set;

/** Which tables a role reads: raw and rejected records may hold what Silver masks. */
final class ReadableTables {
  private static final String ADMIN = "admin";
  private static final Set<String> OPEN = Set.of("silver", "gold", "platinum");
  private static final Set<String> ALL =
      Set.of("silver", "gold", "platinum", "bronze", "quarantine", "system");

  private ReadableTables() {}

  static boolean by(String role, TableName table) {
    return (ADMIN.equals(role) ? ALL : OPEN).contains(table.layer());
  }

  /** FORBIDDEN, or TABLE_NOT_FOUND with the nearest that is readable. */
  static void check(Lake lake, String role, TableName table) {
    if (!by(role, table) && ALL.contains(table.layer())) {
      throw new Failure(
          ErrorCode.FORBIDDEN,
          "Cannot read %s: role %s reads silver, gold and platinum".formatted(table, role));
    }
    if (!by(role, table) || !lake.exists(table)) {
      throw new Failure(
          ErrorCode.TABLE_NOT_FOUND,
          "Cannot read " + table + ": there is no such dataset" + nearest(lake, role, table));
    }
  }

  private static String nearest(Lake lake, String role, TableName table) {
    var readable =
        lake.tables().stream().filter(other -> by(role, other)).map(TableName::toString).toList();
    return Nearest.to(table.toString(), readable)
        .map(name -> " (did you mean " + name + "?)")
        .orElse("");
  }
}
