/**
 * The ground floor: the Iceberg catalog, commits with watermarks, deletion vectors, and the DuckDB
 * engine over the tables. Sole importer of Iceberg, Parquet and DuckDB. A commit is durable when it
 * returns, moves its watermarks as a compare-and-set, and carries all earlier ones forward.
 */
package dev.lode.tables;
