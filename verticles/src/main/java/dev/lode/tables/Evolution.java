package dev.lode.tables;

import dev.lode.codecs.ErrorCode;
import dev.lode.codecs.Failure;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.apache.iceberg.types.Type;
import org.apache.iceberg.types.TypeUtil;

/**
 * What makes a table what its spec says, without rewriting a file: decided from what it is, so that
 * deciding again, once it is done, finds nothing to do.
 */
final class Evolution {
  private static final String ANOTHER =
      "Take another table or column name, or go back to what it was; types may only widen:"
          + " INTEGER to BIGINT, FLOAT to DOUBLE, DECIMAL to more digits.";
  private static final String BESIDE =
      "Go back to what it was, or give the contract another schema.name: a new table, filled from"
          + " Bronze, and the old one stays.";
  private static final Pattern WORD = Pattern.compile("\\w+");

  private final TableSpec spec;
  private final boolean hasRows;
  private final Alterations alterations;

  /** By the name that they have after {@link #renames}. */
  private final Map<String, TableSpec.Field> columns = new LinkedHashMap<>();

  private final Map<String, String> renames = new LinkedHashMap<>();
  private final Set<String> drops = new LinkedHashSet<>();
  private final List<TableSpec.Field> additions = new ArrayList<>();
  private final List<TableSpec.Field> promotions = new ArrayList<>();
  private final List<Refusal> refusals = new ArrayList<>();

  private Evolution(TableSpec spec, boolean hasRows, Alterations alterations) {
    this.spec = spec;
    this.hasRows = hasRows;
    this.alterations = alterations;
  }

  /**
   * @param is the spec that would make the table as it is
   */
  static Evolution of(TableSpec is, boolean hasRows, TableSpec spec, Alterations alterations) {
    var evolution = new Evolution(spec, hasRows, alterations);
    is.fields().forEach(field -> evolution.columns.put(field.name(), field));
    evolution.rename();
    evolution.whole(is);
    evolution.leaveOut();
    spec.fields().forEach(evolution::column);
    return evolution;
  }

  /** From the name that a column has to the one that it gets. */
  Map<String, String> renames() {
    return renames;
  }

  /** By the names that columns have before they are renamed. */
  Set<String> drops() {
    return drops;
  }

  List<TableSpec.Field> additions() {
    return additions;
  }

  /** Of the new type. */
  List<TableSpec.Field> promotions() {
    return promotions;
  }

  List<Refusal> refusals() {
    return refusals;
  }

  void refuse() {
    if (!refusals.isEmpty()) {
      throw new Failure(
          ErrorCode.INVALID_CONFIG,
          "Cannot change %s: %s"
              .formatted(
                  spec.name(),
                  refusals.stream().map(Refusal::what).collect(Collectors.joining("; "))),
          refusals.stream().map(Refusal::next).distinct().collect(Collectors.joining(" ")));
    }
  }

  /** One may take the name that another gives up. */
  private void rename() {
    boolean renamed = true;
    while (renamed) {
      renamed = false;
      for (var former : alterations.formerNames().entrySet()) {
        renamed |= rename(former.getKey(), former.getValue());
      }
    }
  }

  private boolean rename(String name, List<String> formerNames) {
    if (columns.containsKey(name)) {
      return false;
    }
    for (String former : formerNames) {
      var field = columns.get(former);
      if (field != null && !renames.containsValue(former)) {
        columns.remove(former);
        columns.put(name, new TableSpec.Field(name, field.type(), field.required(), field.doc()));
        renames.put(former, name);
        return true;
      }
    }
    return false;
  }

  private void whole(TableSpec is) {
    List<String> partitions = is.partitions().stream().map(this::renamed).toList();
    if (!partitions.equals(spec.partitions())) {
      refuse(null, "its partitions are %s, not %s".formatted(partitions, spec.partitions()));
    }
    List<String> key = is.key().stream().map(this::renamed).toList();
    if (alterations.strict() && !key.equals(spec.key())) {
      refusals.add(new Refusal(null, "its key is %s, not %s".formatted(key, spec.key()), BESIDE));
    }
  }

  /** A column, or a partition of one. */
  private String renamed(String expression) {
    return WORD.matcher(expression)
        .replaceAll(word -> renames.getOrDefault(word.group(), word.group()));
  }

  private void leaveOut() {
    Map<String, String> before = new LinkedHashMap<>();
    renames.forEach((from, to) -> before.put(to, from));
    for (String column : List.copyOf(columns.keySet())) {
      if (spec.fields().stream().anyMatch(field -> field.name().equals(column))) {
        continue;
      }
      if (alterations.replaced() || alterations.dropped().contains(column)) {
        drops.add(before.getOrDefault(column, column));
        columns.remove(column);
      } else if (alterations.strict()) {
        refusals.add(leftOut(column));
      }
    }
  }

  private Refusal leftOut(String column) {
    var taken =
        alterations.formerNames().entrySet().stream()
            .filter(former -> former.getValue().contains(column))
            .map(Map.Entry::getKey)
            .findFirst();
    if (taken.isPresent()) {
      return new Refusal(
          column,
          "column %s cannot be renamed to %s: there is one already".formatted(column, taken.get()),
          "Take another name; or, where %s is no longer wanted, list it under dropped."
              .formatted(column));
    }
    return new Refusal(
        column,
        "column %s %s is left out".formatted(column, columns.get(column).type()),
        "List it under dropped to drop it with all that it holds, or name it as renamedFrom of the"
            + " column that it became.");
  }

  private void column(TableSpec.Field field) {
    var is = columns.get(field.name());
    if (is == null) {
      add(field);
      return;
    }
    Type old = type(is);
    Type wanted = type(field);
    if (old.equals(wanted) || Schemas.name(old).equals(Schemas.name(wanted))) {
      return;
    }
    if (isWider(old, wanted) && !partitions(field.name())) {
      promotions.add(field);
    } else if (alterations.replaced()) {
      drops.add(field.name());
      additions.add(field);
    } else {
      refuse(
          field.name(), "column %s is %s, not %s".formatted(field.name(), is.type(), field.type()));
    }
  }

  private void add(TableSpec.Field field) {
    List<String> former = alterations.formerNames().getOrDefault(field.name(), List.of());
    if (!former.isEmpty()) {
      refusals.add(
          new Refusal(
              field.name(),
              "column %s was never called %s".formatted(field.name(), String.join(" or ", former)),
              "Correct renamedFrom (there are %s), or leave it out to add a column."
                  .formatted(String.join(", ", columns.keySet()))));
    } else if (hasRows && alterations.filled().contains(field.name())) {
      refusals.add(
          new Refusal(
              field.name(),
              "column %s %s is new and required, and the rows that there are have none"
                  .formatted(field.name(), field.type()),
              "Add it without required, run ./lode replay to fill it from Bronze, then make it"
                  + " required."));
    }
    additions.add(field);
  }

  private Type type(TableSpec.Field field) {
    return Schemas.type(field.type(), spec.name() + "." + field.name(), 0);
  }

  private static boolean isWider(Type old, Type wanted) {
    if (old.isListType() && wanted.isListType()) {
      return isWider(old.asListType().elementType(), wanted.asListType().elementType());
    }
    return old.isPrimitiveType()
        && wanted.isPrimitiveType()
        && TypeUtil.isPromotionAllowed(old, wanted.asPrimitiveType());
  }

  /** What is in the names of partitions has the type that it had. */
  private boolean partitions(String column) {
    return spec.partitions().stream()
        .anyMatch(
            partition -> WORD.matcher(partition).results().anyMatch(w -> w.group().equals(column)));
  }

  private void refuse(String column, String what) {
    refusals.add(
        new Refusal(column, what, alterations.strict() ? ANOTHER + " " + BESIDE : ANOTHER));
  }
}
