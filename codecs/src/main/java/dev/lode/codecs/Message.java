package dev.lode.codecs;

/**
 * Everything that may cross the bus: immutable records, sealed by their owner's protocol, so that a
 * message cannot exist without a codec and a round-trip test. Each belongs to one tenant.
 */
public sealed interface Message
    permits Backup,
        Bronze,
        Catalog,
        Features,
        Gold,
        Ingest,
        Lineage,
        Maintenance,
        Query,
        Silver,
        Status,
        Tools,
        Vectors {

  /** Whose rows the message asks for or tells about; never null or blank. */
  String tenantId();
}
