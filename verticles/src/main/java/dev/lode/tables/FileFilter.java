package dev.lode.tables;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.apache.iceberg.DataFile;
import org.apache.iceberg.PartitionSpec;
import org.apache.iceberg.Table;
import org.apache.iceberg.expressions.Evaluator;
import org.apache.iceberg.expressions.Expression;
import org.apache.iceberg.expressions.InclusiveMetricsEvaluator;
import org.apache.iceberg.expressions.Projections;

/**
 * Leaves out the files that cannot hold rows in some ranges: by partition, and by column bounds.
 */
final class FileFilter {
  private final Map<Integer, Evaluator> partitions = new HashMap<>();
  private final InclusiveMetricsEvaluator bounds;
  private final UuidBounds uuids;

  /** Columns are told by their ids: the current names also hold for files of older schemas. */
  FileFilter(Table table, List<Slice.Range> ranges) {
    Expression rows = Ranges.expression(table.schema(), ranges);
    this.bounds = new InclusiveMetricsEvaluator(table.schema(), rows);
    this.uuids = new UuidBounds(table.schema(), ranges);
    for (PartitionSpec spec : table.specs().values()) {
      var partition = Projections.inclusive(spec).project(rows);
      partitions.put(spec.specId(), new Evaluator(spec.partitionType(), partition));
    }
  }

  boolean mayHold(DataFile file) {
    return partitions.get(file.specId()).eval(file.partition())
        && bounds.eval(file)
        && uuids.mayHold(file);
  }
}
