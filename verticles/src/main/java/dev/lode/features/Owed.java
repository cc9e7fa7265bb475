package dev.lode.features;

import dev.lode.tables.Progress;
import dev.lode.tables.Snapshot;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;

/** Tenants of whom a view could evaluate nothing, carried from commit to commit. */
final class Owed {
  private static final String KEY = "lode.source.owed";
  private static final String BETWEEN = ",";

  private final Set<String> tenants;

  private Owed(Set<String> tenants) {
    this.tenants = tenants;
  }

  static Owed of(Optional<Snapshot> head) {
    String told = head.map(at -> at.summary().get(KEY)).orElse("");
    return new Owed(
        told.isEmpty() ? new TreeSet<>() : new TreeSet<>(Set.of(told.split(BETWEEN, -1))));
  }

  boolean has(String tenantId) {
    return tenants.contains(tenantId);
  }

  void owe(String tenantId) {
    tenants.add(tenantId);
  }

  /** True where something was owed. */
  boolean settle(String tenantId) {
    return tenants.remove(tenantId);
  }

  Progress progress() {
    return new Progress(Map.of(), Map.of(KEY, String.join(BETWEEN, tenants)), Map.of());
  }
}
