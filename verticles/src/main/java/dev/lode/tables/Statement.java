package dev.lode.tables;

import java.util.Map;
import java.util.SortedSet;

/**
 * A parsed SELECT: what it reads and calls. {@code tree} is the engine's serialised syntax tree, as
 * JSON values, for whoever must judge it node by node.
 *
 * @param tables as written, {@code silver.invoice_line}; names of its own CTEs are left out
 * @param functions lower case, scalar, aggregate and table functions alike
 */
public record Statement(
    SortedSet<String> tables, SortedSet<String> functions, Map<String, Object> tree) {}
