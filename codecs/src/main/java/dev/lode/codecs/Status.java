package dev.lode.codecs;

import java.util.Map;

/** What every layer says of itself, for the dashboard and for readiness. */
public sealed interface Status extends Message {

  /** The address where {@code layer} answers: {@code bronze.status}. */
  static Address<Ask, Report> of(String layer) {
    return new Address<>(layer + ".status", Ask.class, Report.class);
  }

  record Ask(String tenantId) implements Status {}

  /**
   * {@code values} are JSON values: counts, lags in ms, snapshot ids; {@code ready} gates traffic.
   * Lists that the dashboard and the tools know: {@code namespaces} of vectors ({@code name, table,
   * vectors, snapshot_id, lag_ms}), {@code views} of features ({@code name, table, keys, features,
   * rows_online}), and of any layer {@code tasks}, its syncs ({@code name, state, lag_ms}).
   */
  record Report(String tenantId, String layer, boolean ready, Map<String, Object> values)
      implements Status {
    public Report {
      values = Values.copy(values);
    }
  }
}
