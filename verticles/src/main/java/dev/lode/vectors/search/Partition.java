package dev.lode.vectors.search;

/** One tenant's part of a namespace: an index of its own, with one owner. */
public record Partition(String namespace, String tenantId) {

  /** What {@code Shards} splits the work by. */
  public String owned() {
    return namespace + "/" + tenantId;
  }
}
