package dev.lode.tables;

import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;

/**
 * Where the lake is and what its engine may use.
 *
 * @param catalogUrl {@code jdbc:sqlite:<file>} or {@code jdbc:postgresql://...}
 * @param warehouse root of all table files: {@code file:///...}, or another scheme by Iceberg's
 *     FileIO
 * @param scratch a local folder for what can be made again: the engine spills to it, and key
 *     indexes are kept in it
 * @param memory the engine's limit, {@code 2GB}
 * @param threads the engine's
 * @param narrowRowsMax up to so many rows a session is computed by one of them
 * @param recentRowsMax what changed in a table is kept in memory up to so many rows
 * @param keyIndexBytesMax of all key indexes together, outside the heap
 * @param sessionsMax sessions open at once
 * @param sessionWait how long {@link Lake#session()} waits for a place
 */
public record LakeOptions(
    String catalogUrl,
    String warehouse,
    Path scratch,
    String memory,
    int threads,
    long narrowRowsMax,
    long recentRowsMax,
    long keyIndexBytesMax,
    int sessionsMax,
    Duration sessionWait,
    boolean fsync,
    Clock clock) {}
