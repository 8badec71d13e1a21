package io.sscam.engine.cpu;

import io.sscam.engine.onednn.OnednnLibrary;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.IntConsumer;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Threads that each compute alone, or of which one leads a team of OpenMP's. A worker keeps its
 * number, so that what it needs (a plan, scratch arrays) is never shared. Sessions on several
 * threads may use one pool: their tasks take turns on every worker. A task must not call the pool:
 * it would wait for itself.
 */
final class WorkerPool implements AutoCloseable {

  /** One piece of work. */
  @FunctionalInterface
  interface Task {
    void run(int worker, int index);
  }

  /** The worker that leads all threads when they work together. */
  static final int LEADER = 0;

  private final List<ExecutorService> workers = new ArrayList<>();

  WorkerPool(int threads) {
    for (int i = 0; i < threads; i++) {
      int number = i;
      workers.add(
          Executors.newSingleThreadExecutor(
              runnable -> {
                Thread thread =
                    new Thread(
                        () -> {
                          OnednnLibrary.useThreadsHere(1);
                          runnable.run();
                        },
                        "sscam-cpu-" + number);
                thread.setDaemon(true);
                return thread;
              }));
    }
  }

  int size() {
    return workers.size();
  }

  /**
   * Runs tasks 0 … count − 1 on all workers, fewer tasks on the first workers, and waits; the first
   * failure is thrown again.
   */
  void run(int count, Task task) {
    run(workers.size(), count, task, index -> {});
  }

  /**
   * The same.
   *
   * @param most workers that may take part, the first ones
   * @param ended told, on the calling thread, of each task that has ended; what it throws stops the
   *     others and is thrown again
   */
  void run(int most, int count, Task task, IntConsumer ended) {
    rethrow(new TaskRun(workers.subList(0, most), count, task).await(ended));
  }

  /** Runs {@code task} once on each of the first workers and waits; a failure is thrown again. */
  void onEach(int count, IntConsumer task) {
    List<Future<?>> running = new ArrayList<>();
    @Nullable Throwable failure = null;
    for (int i = 0; i < count && failure == null; i++) {
      int worker = i;
      try {
        running.add(workers.get(i).submit(() -> task.accept(worker)));
      } catch (RejectedExecutionException e) {
        failure = new IllegalStateException("the device \"cpu\" is closed", e);
      }
    }
    for (Future<?> future : running) {
      Throwable thrown = await(future);
      failure = failure == null ? thrown : failure;
    }
    rethrow(failure);
  }

  /**
   * Runs a task in which oneDNN computes with as many threads as there are workers, and waits. Such
   * tasks run one after the other: two would only get in each other's way. The other workers may be
   * at work meanwhile.
   */
  void together(Runnable task) {
    onEach(
        1,
        leader -> {
          OnednnLibrary.useThreadsHere(size());
          try {
            task.run();
          } finally {
            OnednnLibrary.useThreadsHere(1);
          }
        });
  }

  /** The same for a task that makes something. */
  <T> T together(Supplier<T> task) {
    AtomicReference<@Nullable T> made = new AtomicReference<>();
    together((Runnable) () -> made.set(task.get()));
    return Objects.requireNonNull(made.get());
  }

  /** Waits even when interrupted: the workers use memory that the caller may free next. */
  private static @Nullable Throwable await(Future<?> future) {
    boolean interrupted = false;
    try {
      while (true) {
        try {
          future.get();
          return null;
        } catch (ExecutionException e) {
          return e.getCause();
        } catch (InterruptedException e) {
          interrupted = true;
        }
      }
    } finally {
      if (interrupted) {
        Thread.currentThread().interrupt();
      }
    }
  }

  private static void rethrow(@Nullable Throwable failure) {
    if (failure instanceof RuntimeException runtime) {
      throw runtime;
    }
    if (failure instanceof Error error) {
      throw error;
    }
    if (failure != null) {
      throw new IllegalStateException(failure);
    }
  }

  @Override
  public void close() {
    workers.forEach(ExecutorService::shutdown);
  }
}
