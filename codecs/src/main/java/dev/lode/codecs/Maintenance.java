package dev.lode.codecs;

import java.util.List;

/** What keeps tables small; one owner per table. It works of itself, and when it is told to. */
public sealed interface Maintenance extends Message {
  Address<Run, Ran> RUN = new Address<>("maintenance.run", Run.class, Ran.class);
  Address<Survey, Surveyed> SURVEY =
      new Address<>("maintenance.survey", Survey.class, Surveyed.class);

  /** Does all that can be done now to {@code table}; null for every table. */
  record Run(String tenantId, String table) implements Maintenance {}

  record Ran(String tenantId, List<Maintained> tables) implements Maintenance {
    public Ran {
      tables = List.copyOf(tables);
    }
  }

  /**
   * @param filesCompacted into fewer
   * @param filesRemoved that nothing reached any more
   * @param filesWaiting to be removed, because someone may still read them
   */
  record Maintained(
      String table,
      long filesCompacted,
      long snapshotsExpired,
      long filesRemoved,
      long filesWaiting) {}

  /** Asks how large every table is, all tenants together. */
  record Survey(String tenantId) implements Maintenance {}

  record Surveyed(String tenantId, List<Table> tables) implements Maintenance {
    public Surveyed {
      tables = List.copyOf(tables);
    }
  }

  /**
   * @param rows live ones
   * @param deletedRows that still lie in the files
   * @param metadataBytes written anew by every commit
   */
  record Table(
      String name,
      long files,
      long bytes,
      long rows,
      long deletedRows,
      long snapshots,
      long manifests,
      long metadataBytes,
      List<Consumer> consumers) {
    public Table {
      consumers = List.copyOf(consumers);
    }
  }

  /** Who reads what changes in a table: how many commits it is behind, and for how long. */
  record Consumer(String name, long snapshotsBehind, long lagMs) {}
}
