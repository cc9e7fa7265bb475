/**
 * The offline store: one Iceberg table per view, {@code platinum.features_<view>}, that keeps every
 * version of every row. A row is never changed: a later one with the same entity and event time
 * supersedes it, and one marked as deleted makes all earlier ones of that entity and time as if
 * they had never been, from its {@code created} on. Everything here is SQL made of a view.
 */
package dev.lode.features.offline;
