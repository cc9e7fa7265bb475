package dev.lode.http;

import dev.lode.codecs.ErrorCode;
import dev.lode.codecs.Failure;

/**
 * Who asks.
 *
 * @param tenant whom it acts for in this request
 * @param everyTenant whether it might act for any other as well
 */
record Principal(String name, String tenant, String role, boolean everyTenant) {

  /** FORBIDDEN where {@code act} would show it rows of tenants that it is not let to. */
  void checkEveryTenant(String act) {
    if (!everyTenant) {
      throw new Failure(
          ErrorCode.FORBIDDEN,
          "Cannot %s: it is about the rows of every tenant, and this key is for %s"
              .formatted(act, tenant),
          "Use a key of tenant '*' and role admin; run_sql reads the rows of one tenant.");
    }
  }
}
