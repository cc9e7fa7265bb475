package dev.lode.tables;

import java.util.concurrent.ExecutorService;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import org.apache.iceberg.SnapshotUpdate;
import org.apache.iceberg.Table;
import org.apache.iceberg.util.ThreadPools;

/**
 * Where commits read and write manifests. Iceberg waits for other threads in steps of 10 ms, five
 * times a commit and more: local files are faster in the thread that commits.
 */
final class CommitThreads {
  /** For object stores. Iceberg's own threads end with the first signal to stop, before commits. */
  private static final ExecutorService OTHERS =
      ThreadPools.newFixedThreadPool("lode-manifests", ThreadPools.WORKER_THREAD_POOL_SIZE);

  private static final ExecutorService OWN = own();

  private CommitThreads() {}

  static void set(Table table, SnapshotUpdate<?> update) {
    boolean local = table.io() instanceof LocalFileIO;
    update.scanManifestsWith(local ? OWN : OTHERS);
    update.writeManifestsWith(
        local ? OWN : OTHERS, local ? 1 : ThreadPools.WORKER_THREAD_POOL_SIZE);
  }

  /** A pool that is shut down refuses all tasks, and whoever brings one runs it. */
  private static ExecutorService own() {
    var pool =
        new ThreadPoolExecutor(
            1, 1, 0, TimeUnit.SECONDS, new LinkedBlockingQueue<>(), (task, _) -> task.run());
    pool.shutdown();
    return pool;
  }
}
