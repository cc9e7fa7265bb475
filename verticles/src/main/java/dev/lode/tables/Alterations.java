package dev.lode.tables;

import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;

/**
 * How a table may become what its spec says, where the spec alone cannot tell.
 *
 * @param policy for columns that the spec leaves out or has of another type
 * @param formerNames by the name that a column has in the spec: any of them may be the one that the
 *     table still has, and its values go on under the new one
 * @param dropped columns to drop, with what they hold
 * @param filled columns that may not be added where there are rows, because those have no value
 */
public record Alterations(
    Policy policy, Map<String, List<String>> formerNames, Set<String> dropped, Set<String> filled) {

  /** Adds and widens columns; one that the spec leaves out stays, and is optional. */
  public static final Alterations NONE = new Alterations(Policy.KEEP);

  /** For a table of which every row is about to be replaced: its columns become the spec's. */
  public static final Alterations REPLACED = new Alterations(Policy.REPLACE);

  /** STRICT: what is left out must be named, and the key may not change. */
  public enum Policy {
    KEEP,
    STRICT,
    REPLACE
  }

  public Alterations {
    formerNames = new TreeMap<>(formerNames);
    dropped = Set.copyOf(dropped);
    filled = Set.copyOf(filled);
  }

  private Alterations(Policy policy) {
    this(policy, Map.of(), Set.of(), Set.of());
  }

  boolean strict() {
    return policy == Policy.STRICT;
  }

  boolean replaced() {
    return policy == Policy.REPLACE;
  }
}
