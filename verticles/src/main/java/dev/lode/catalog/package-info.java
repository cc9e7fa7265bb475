/**
 * The catalog for other engines: Iceberg's REST protocol, asked over HTTP at {@code /iceberg/v1}.
 * Whatever is wrong with a request is an answer in that protocol's shape; only a fault of the bus
 * is a failure. Runs on worker threads, as many as instances.
 */
package dev.lode.catalog;
