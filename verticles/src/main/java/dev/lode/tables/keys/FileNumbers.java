package dev.lode.tables.keys;

import java.io.DataInput;
import java.io.DataOutput;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * The rows of data files as one row of numbers below 2^32: each file takes as many as it has rows,
 * and gives none back. Where they run out, the index is made again.
 */
public final class FileNumbers {
  static final long PLACES = (1L << 32) - 1;

  private final TreeMap<Long, File> byFirst = new TreeMap<>();
  private final Map<String, File> byLocation = new HashMap<>();
  private long next;

  /**
   * A data file.
   *
   * @param first the place of its first row
   * @param rows all that it has, dead or alive
   * @param dead how many of them were when it was last looked at
   */
  public record File(String location, long first, long rows, long dead) {}

  /** Whether so many more rows can be numbered. */
  public boolean hasRoom(long rows) {
    return next + rows <= PLACES;
  }

  public File add(String location, long rows, long dead) {
    var file = new File(location, next, rows, dead);
    put(file);
    next += rows;
    return file;
  }

  private void put(File file) {
    byFirst.put(file.first, file);
    byLocation.put(file.location, file);
  }

  /** Null where it is not known. */
  public File at(String location) {
    return byLocation.get(location);
  }

  /** The file that the place is in; null where it is gone. */
  public File at(long place) {
    var entry = byFirst.floorEntry(place);
    File file = entry == null ? null : entry.getValue();
    return file != null && place < file.first + file.rows ? file : null;
  }

  public Collection<File> all() {
    return Collections.unmodifiableCollection(byFirst.values());
  }

  /** As it is, with so many dead rows. */
  public void died(String location, long dead) {
    File file = byLocation.get(location);
    if (file.dead != dead) {
      put(new File(location, file.first, file.rows, dead));
    }
  }

  public void remove(String location) {
    byFirst.remove(byLocation.remove(location).first);
  }

  /** Forgets the files that are not among these. */
  public void retain(Collection<String> locations) {
    List<String> gone = new ArrayList<>(byLocation.keySet());
    gone.removeAll(locations);
    gone.forEach(this::remove);
  }

  void write(DataOutput out) throws IOException {
    out.writeLong(next);
    out.writeInt(byFirst.size());
    for (File file : byFirst.values()) {
      out.writeUTF(file.location);
      out.writeLong(file.first);
      out.writeLong(file.rows);
      out.writeLong(file.dead);
    }
  }

  static FileNumbers read(DataInput in) throws IOException {
    var numbers = new FileNumbers();
    numbers.next = in.readLong();
    for (int i = in.readInt(); i > 0; i--) {
      numbers.put(new File(in.readUTF(), in.readLong(), in.readLong(), in.readLong()));
    }
    return numbers;
  }
}
