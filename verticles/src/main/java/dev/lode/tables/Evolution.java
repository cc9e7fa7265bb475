package dev.lode.tables;

import dev.lode.codecs.ErrorCode;
import dev.lode.codecs.Failure;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.apache.iceberg.Table;
import org.apache.iceberg.UpdateSchema;
import org.apache.iceberg.types.Type;
import org.apache.iceberg.types.TypeUtil;
import org.apache.iceberg.types.Types;

/**
 * Widens a table to a spec, never narrows it: columns are added as optional, types promoted where
 * every old value keeps its meaning, and the spec's columns come first in its order.
 */
final class Evolution {
  private final TableSpec spec;
  private final Table table;

  Evolution(TableSpec spec, Table table) {
    this.spec = spec;
    this.table = table;
  }

  /** Whether there was anything to do. */
  boolean apply() {
    if (!Schemas.partitions(table).equals(spec.partitions())) {
      throw refuse("its partitions are " + Schemas.partitions(table), spec.partitions());
    }
    boolean columns = columns();
    boolean properties = properties();
    return columns || properties;
  }

  private boolean columns() {
    UpdateSchema update = table.updateSchema();
    boolean changed = false;
    for (var field : spec.fields()) {
      changed |= column(update, field);
    }
    for (var column : table.schema().columns()) {
      if (column.isRequired() && !named(column.name())) {
        update.makeColumnOptional(column.name());
        changed = true;
      }
    }
    changed |= order(update);
    if (changed) {
      update.commit();
    }
    return changed;
  }

  private boolean column(UpdateSchema update, TableSpec.Field field) {
    Types.NestedField old = table.schema().findField(field.name());
    Type type = Schemas.type(field.type(), spec.name() + "." + field.name(), 0);
    if (old == null) {
      update.addColumn(field.name(), type, field.doc());
      return true;
    }
    boolean changed = false;
    if (!Schemas.name(type).equals(Schemas.name(old.type()))) {
      promote(update, field, old, type);
      changed = true;
    }
    if (old.isRequired() && !field.required()) {
      update.makeColumnOptional(field.name());
      changed = true;
    }
    if (!Objects.equals(old.doc(), field.doc())) {
      update.updateColumnDoc(field.name(), field.doc());
      changed = true;
    }
    return changed;
  }

  private void promote(
      UpdateSchema update, TableSpec.Field field, Types.NestedField old, Type type) {
    boolean safe =
        old.type().isPrimitiveType()
            && type.isPrimitiveType()
            && TypeUtil.isPromotionAllowed(old.type(), type.asPrimitiveType());
    if (!safe) {
      throw refuse(
          "column %s is %s".formatted(field.name(), Schemas.name(old.type())), field.type());
    }
    update.updateColumn(field.name(), type.asPrimitiveType());
  }

  private boolean order(UpdateSchema update) {
    List<String> wanted = spec.fields().stream().map(TableSpec.Field::name).toList();
    List<String> present = table.schema().columns().stream().map(Types.NestedField::name).toList();
    int shared = Math.min(wanted.size(), present.size());
    if (present.subList(0, shared).equals(wanted.subList(0, shared))) {
      return false;
    }
    update.moveFirst(wanted.getFirst());
    for (int i = 1; i < wanted.size(); i++) {
      update.moveAfter(wanted.get(i), wanted.get(i - 1));
    }
    return true;
  }

  private boolean properties() {
    var wanted = Map.of(Schemas.KEY, String.join(",", spec.key()), Schemas.COMMENT, spec.doc());
    var update = table.updateProperties();
    boolean changed = false;
    for (var property : wanted.entrySet()) {
      String old = table.properties().getOrDefault(property.getKey(), "");
      if (!old.equals(property.getValue())) {
        update.set(property.getKey(), property.getValue());
        changed = true;
      }
    }
    if (changed) {
      update.commit();
    }
    return changed;
  }

  private boolean named(String column) {
    return spec.fields().stream().anyMatch(field -> field.name().equals(column));
  }

  private Failure refuse(String is, Object wanted) {
    return new Failure(
        ErrorCode.INVALID_CONFIG,
        "Cannot change %s: %s, not %s".formatted(spec.name(), is, wanted),
        "Take another table or column name, or go back to what it was; types may only widen:"
            + " INTEGER to BIGINT, FLOAT to DOUBLE, DECIMAL to more digits.");
  }
}
