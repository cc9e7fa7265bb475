package dev.lode.tables;

import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.apache.iceberg.Table;
import org.apache.iceberg.Transaction;
import org.apache.iceberg.UpdateSchema;
import org.apache.iceberg.types.Type;
import org.apache.iceberg.types.Types;

/** Carries out an {@link Evolution}, in one commit of the table's metadata. */
final class Alter {
  private final TableSpec spec;
  private final Evolution evolution;
  private final Transaction transaction;
  private boolean changed;

  private Alter(TableSpec spec, Evolution evolution, Table table) {
    this.spec = spec;
    this.evolution = evolution;
    this.transaction = table.newTransaction();
  }

  /** Whether there was anything to do; refuses what the evolution refuses. */
  static boolean table(Table table, TableSpec spec, Alterations alterations) {
    var evolution = evolution(table, spec, alterations);
    evolution.refuse();
    var alter = new Alter(spec, evolution, table);
    alter.free();
    alter.columns();
    alter.properties();
    if (alter.changed) {
      alter.transaction.commitTransaction();
    }
    return alter.changed;
  }

  static Evolution evolution(Table table, TableSpec spec, Alterations alterations) {
    var head = table.currentSnapshot();
    boolean hasRows = head != null && Snapshot.rows(head.summary()) > 0;
    return Evolution.of(Schemas.spec(spec.name(), table), hasRows, spec, alterations);
  }

  /** First, so that names are free to be taken. */
  private void free() {
    if (evolution.renames().isEmpty() && evolution.drops().isEmpty()) {
      return;
    }
    var update = transaction.updateSchema();
    evolution.drops().forEach(update::deleteColumn);
    evolution.renames().forEach(update::renameColumn);
    update.commit();
    changed = true;
  }

  private void columns() {
    var update = transaction.updateSchema();
    boolean any = false;
    for (var field : evolution.additions()) {
      update.addColumn(field.name(), type(field), field.doc());
      any = true;
    }
    for (var field : evolution.promotions()) {
      promote(update, field);
      any = true;
    }
    for (var column : transaction.table().schema().columns()) {
      any |= describe(update, column);
    }
    any |= order(update);
    update.commit();
    changed |= any;
  }

  private void promote(UpdateSchema update, TableSpec.Field field) {
    Type type = type(field);
    if (type.isListType()) {
      Type element = type.asListType().elementType();
      update.updateColumn(field.name() + ".element", element.asPrimitiveType());
    } else {
      update.updateColumn(field.name(), type.asPrimitiveType());
    }
  }

  private boolean describe(UpdateSchema update, Types.NestedField column) {
    var field =
        spec.fields().stream().filter(each -> each.name().equals(column.name())).findFirst();
    boolean any = false;
    if (column.isRequired() && !field.map(TableSpec.Field::required).orElse(false)) {
      update.makeColumnOptional(column.name());
      any = true;
    }
    if (field.isPresent() && !Objects.equals(column.doc(), field.get().doc())) {
      update.updateColumnDoc(column.name(), field.get().doc());
      any = true;
    }
    return any;
  }

  private boolean order(UpdateSchema update) {
    List<String> wanted = spec.fields().stream().map(TableSpec.Field::name).toList();
    List<String> present =
        transaction.table().schema().columns().stream().map(Types.NestedField::name).toList();
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

  private void properties() {
    var wanted = Map.of(Schemas.KEY, String.join(",", spec.key()), Schemas.COMMENT, spec.doc());
    var update = transaction.updateProperties();
    boolean any = false;
    for (var property : wanted.entrySet()) {
      String old = transaction.table().properties().getOrDefault(property.getKey(), "");
      if (!old.equals(property.getValue())) {
        update.set(property.getKey(), property.getValue());
        any = true;
      }
    }
    update.commit();
    changed |= any;
  }

  private Type type(TableSpec.Field field) {
    return Schemas.type(field.type(), spec.name() + "." + field.name(), 0);
  }
}
