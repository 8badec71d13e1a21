package io.sscam.engine.cpu;

import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.IntConsumer;
import org.jspecify.annotations.Nullable;

/**
 * Tasks 0 … count − 1 of one call, which workers take one after the other, whoever is free: none
 * waits before there are no more. Behind each task a worker lets those of other calls have their
 * turn.
 */
final class TaskRun {
  private static final int WORKER_STOPPED = -1;

  private final List<ExecutorService> workers;
  private final int count;
  private final WorkerPool.Task task;
  private final AtomicLong next = new AtomicLong(); // goes on behind the last task
  private final AtomicReference<@Nullable Throwable> failure = new AtomicReference<>();

  /**
   * The tasks that have ended well, and {@link #WORKER_STOPPED} from each worker at its end. There
   * is room for all from the start: where memory runs out, the caller still hears of it.
   */
  private final int[] events;

  private int reported; // guarded by this, as what it counts

  TaskRun(List<ExecutorService> workers, int count, WorkerPool.Task task) {
    this.workers = workers;
    this.count = count;
    this.task = task;
    this.events = new int[Math.addExact(count, workers.size())];
  }

  /**
   * Runs all tasks, and returns when no worker is at one any more.
   *
   * @param ended told, on this thread, of each task that has ended; what it throws stops the others
   * @return the first failure, of a task or of {@code ended}
   */
  @Nullable Throwable await(IntConsumer ended) {
    int running = 0;
    while (running < Math.min(count, workers.size()) && submit(running)) {
      running++;
    }
    if (running == 0 && count > 0) {
      fail(new IllegalStateException("the device \"cpu\" is closed"));
    }
    boolean interrupted = false;
    int heard = 0;
    while (running > 0) {
      try {
        int event = event(heard);
        heard++;
        if (event == WORKER_STOPPED) {
          running--;
        } else if (failure.get() == null) {
          interrupted = tell(ended, event, interrupted);
        }
      } catch (InterruptedException e) {
        interrupted = true; // waits still: the workers use memory that the caller may free next
      }
    }
    if (interrupted) {
      Thread.currentThread().interrupt();
    }
    return failure.get();
  }

  /** Tells of an end, with the mark of an interrupt, by which a listener may want to stop. */
  private boolean tell(IntConsumer ended, int index, boolean interrupted) {
    if (interrupted) {
      Thread.currentThread().interrupt();
    }
    try {
      ended.accept(index);
    } catch (RuntimeException | Error e) {
      fail(e);
    }
    return Thread.interrupted(); // taken back, as this thread has to go on waiting
  }

  private synchronized void report(int event) {
    events[reported] = event;
    reported++;
    notifyAll();
  }

  /** Waits for an event. */
  private synchronized int event(int number) throws InterruptedException {
    while (reported <= number) {
      wait();
    }
    return events[number];
  }

  /** Gives the worker a task, or returns false if the pool is closed or memory is short. */
  private boolean submit(int worker) {
    try {
      workers.get(worker).execute(() -> work(worker));
      return true;
    } catch (RejectedExecutionException | OutOfMemoryError e) {
      return false;
    }
  }

  /** One task, and the next ones if there is no other way: what has begun is finished. */
  private void work(int worker) {
    boolean more = step(worker);
    while (more && !submit(worker)) {
      more = step(worker);
    }
  }

  private boolean step(int worker) {
    long turn = next.getAndIncrement();
    if (turn >= count) {
      report(WORKER_STOPPED);
      return false;
    }
    int index = (int) turn;
    try {
      task.run(worker, index);
      report(index);
    } catch (Throwable e) { // an Error too: the calling thread waits for news, and throws it again
      fail(e);
    }
    return true;
  }

  private void fail(Throwable e) {
    failure.compareAndSet(null, e);
    next.set(count); // the others stop at their next task
  }
}
