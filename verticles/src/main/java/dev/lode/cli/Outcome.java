package dev.lode.cli;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.MissingNode;
import java.util.ArrayList;
import java.util.List;

/**
 * How the post of one file ended.
 *
 * @param answer all that the server said
 * @param failure null where it landed
 * @param defects lines that could not be read; they are kept in quarantine
 */
record Outcome(
    SourceFile file,
    long received,
    long accepted,
    long duplicates,
    long quarantined,
    List<Defect> defects,
    JsonNode answer,
    long nanos,
    String failure) {

  record Defect(long line, String code, String reason) {}

  static Outcome landed(SourceFile file, JsonNode answer, long nanos) {
    var defects = new ArrayList<Defect>();
    answer
        .path("defects")
        .forEach(
            defect ->
                defects.add(
                    new Defect(
                        defect.path("line").asLong(),
                        defect.path("code").asText(),
                        defect.path("reason").asText())));
    return new Outcome(
        file,
        answer.path("received").asLong(),
        answer.path("accepted").asLong(),
        answer.path("duplicates").asLong(),
        answer.path("quarantined").asLong(),
        List.copyOf(defects),
        answer,
        nanos,
        null);
  }

  static Outcome failed(SourceFile file, String failure) {
    return new Outcome(file, 0, 0, 0, 0, List.of(), MissingNode.getInstance(), 0, failure);
  }

  String batchId() {
    return answer.path("batch_id").asText();
  }

  String snapshotId() {
    return answer.path("snapshot_id").asText();
  }

  String table() {
    return answer.path("table").asText();
  }

  /** What the server found odd though it took it. */
  List<String> warnings() {
    var warnings = new ArrayList<String>();
    answer
        .path("warnings")
        .forEach(one -> warnings.add(one.isTextual() ? one.asText() : one.toString()));
    return warnings;
  }

  boolean isFailed() {
    return failure != null;
  }
}
