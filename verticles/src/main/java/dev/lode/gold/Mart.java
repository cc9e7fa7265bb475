package dev.lode.gold;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.lode.tables.TableName;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Duration;
import java.util.Collections;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedSet;
import java.util.TreeSet;

/**
 * A mart, as its file declares it.
 *
 * @param key columns that, with tenant_id, name a row
 * @param touches for incremental marts: which keys a changed row of an input touches
 * @param every the least time between two builds; zero for on-commit
 * @param inputs every table the SQL reads
 * @param nature what is known of it from its SQL
 */
public record Mart(
    String name,
    String description,
    boolean incremental,
    List<String> key,
    Map<TableName, Touch> touches,
    Duration every,
    List<Expectation> expectations,
    String sql,
    SortedSet<TableName> inputs,
    Nature nature) {

  /**
   * @param isSteady it gives the same of the same rows, whenever it is asked
   * @param isPerTenant what it gives of a tenant is made from that tenant's rows alone
   * @param isKeyPresent no part of its key is ever null
   */
  public record Nature(boolean isSteady, boolean isPerTenant, boolean isKeyPresent) {
    static final Nature UNKNOWN = new Nature(true, false, false);
  }

  /**
   * Key column to an expression over one input row: a row changes only the keys that it evaluates
   * to, and a key is made only from the rows that evaluate to it.
   */
  public record Touch(Map<String, String> expressions) {
    public Touch {
      expressions = Collections.unmodifiableMap(new LinkedHashMap<>(expressions));
    }

    /** Over a row of the input. */
    public String of(String keyColumn) {
      return expressions.get(keyColumn);
    }
  }

  public Mart {
    key = List.copyOf(key);
    touches = Map.copyOf(touches);
    expectations = List.copyOf(expectations);
    inputs = Collections.unmodifiableSortedSet(new TreeSet<>(inputs));
  }

  public TableName table() {
    return new TableName("gold", name);
  }

  public Optional<Touch> touch(TableName input) {
    return Optional.ofNullable(touches.get(input));
  }

  Mart with(Nature known) {
    return new Mart(
        name, description, incremental, key, touches, every, expectations, sql, inputs, known);
  }

  /** The key with the tenant before it, as the table has it. */
  public List<String> tableKey() {
    return Keys.withTenant(key);
  }

  /** Changes when a build would mean something else; then the whole mart is rebuilt. */
  public String definition() {
    try {
      var sha = MessageDigest.getInstance("SHA-256");
      sha.update(
          (incremental + "|" + key + "|" + new java.util.TreeMap<>(touches)).getBytes(UTF_8));
      sha.update(sql.getBytes(UTF_8));
      return HexFormat.of().formatHex(sha.digest(), 0, 16);
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException(e);
    }
  }
}
