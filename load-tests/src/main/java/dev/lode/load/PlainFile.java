package dev.lode.load;

import dev.lode.codecs.Bronze;
import dev.lode.codecs.Bus;
import dev.lode.config.LodeConfig;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.VerticleBase;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;

/**
 * In Bronze's place, the least that is durable: gathers appends as Bronze does, and writes the
 * bytes of a group to one file, with one fsync.
 */
final class PlainFile extends VerticleBase {
  private final Bus bus;
  private final LodeConfig.Bronze limits;
  private final Path file;
  private final int shard;
  private FileChannel channel;
  private List<Bronze.Append> gathered = new ArrayList<>();
  private Promise<Void> landed = Promise.promise();
  private int records;
  private boolean writing;

  PlainFile(Bus bus, LodeConfig.Bronze limits, Path folder, int shard) {
    this.bus = bus;
    this.limits = limits;
    this.file = folder.resolve("plain-" + shard);
    this.shard = shard;
  }

  @Override
  public Future<?> start() throws IOException {
    channel = FileChannel.open(file, StandardOpenOption.CREATE, StandardOpenOption.APPEND);
    return bus.serveAsync(Bronze.APPEND.owner(shard), this::append);
  }

  @Override
  public Future<?> stop() throws IOException {
    channel.close();
    return Future.succeededFuture();
  }

  private Future<Bronze.Appended> append(Bronze.Append append) {
    if (gathered.isEmpty()) {
      vertx.setTimer(limits.groupTime().millis(), timer -> write());
    }
    gathered.add(append);
    records += append.records().size();
    Future<Void> group = landed.future();
    if (records >= limits.groupRecords()) {
      write();
    }
    return group.map(
        done -> new Bronze.Appended(append.tenantId(), "file", 1, append.records().size(), 0));
  }

  private void write() {
    if (writing || gathered.isEmpty()) {
      return;
    }
    writing = true;
    List<Bronze.Append> group = gathered;
    Promise<Void> told = landed;
    gathered = new ArrayList<>();
    landed = Promise.promise();
    records = 0;
    vertx
        .<Void>executeBlocking(() -> force(group))
        .onComplete(
            done -> {
              writing = false;
              write();
              told.handle(done);
            });
  }

  private Void force(List<Bronze.Append> group) throws IOException {
    int length = 0;
    for (Bronze.Append append : group) {
      for (Bronze.Raw raw : append.records()) {
        length += raw.payload().length() + 1;
      }
    }
    ByteBuffer bytes = ByteBuffer.allocate(length);
    for (Bronze.Append append : group) {
      append.records().forEach(raw -> bytes.put(raw.payload().array()).put((byte) '\n'));
    }
    bytes.flip();
    while (bytes.hasRemaining()) {
      channel.write(bytes);
    }
    channel.force(false);
    return null;
  }
}
