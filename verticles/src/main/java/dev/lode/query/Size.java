package dev.lode.query;

/**
 * What becomes of a part.
 *
 * @param nodes of the tree
 * @param tables read, each as often as it is
 * @param columns of a relation; of an expression 1
 * @param leaves most values in one column
 * @param stars how many columns stand for all that there are
 */
record Size(double nodes, double tables, double columns, double leaves, double stars) {
  static final Size NONE = new Size(0, 0, 0, 1, 0);

  /** Both, beside each other. */
  Size and(Size other) {
    return new Size(
        nodes + other.nodes,
        tables + other.tables,
        columns + other.columns,
        Math.max(leaves, other.leaves),
        stars + other.stars);
  }
}
