package dev.lode.tables;

import static java.util.Objects.requireNonNull;

/** What all sessions of a lake share. */
record Storage(Catalog catalog, Planner planner, Holds holds) {
  Storage {
    requireNonNull(catalog, "catalog is null");
    requireNonNull(planner, "planner is null");
    requireNonNull(holds, "holds is null");
  }
}
