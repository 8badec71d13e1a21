package io.sscam.engine.cpu;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayList;
import java.util.Collections;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicIntegerArray;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Who does the work, and that all of it is done. */
class WorkerPoolTest {
  private final WorkerPool pool = new WorkerPool(3);

  @AfterEach
  void close() {
    pool.close();
  }

  @Test
  void everyTaskIsRunOnce() {
    AtomicIntegerArray runs = new AtomicIntegerArray(100);
    pool.run(runs.length(), (worker, index) -> runs.incrementAndGet(index));
    for (int i = 0; i < runs.length(); i++) {
      assertThat(runs.get(i)).as("task %d", i).isEqualTo(1);
    }
  }

  @Test
  void eachOfTheFirstWorkersHasItsTurn() {
    List<Integer> turns = Collections.synchronizedList(new ArrayList<>());
    pool.onEach(2, turns::add);
    assertThat(turns).containsExactlyInAnyOrder(0, 1);
  }

  @Test
  void aClosedOneSaysSo() {
    pool.close();
    assertThatThrownBy(() -> pool.run(5, (worker, index) -> {}))
        .isInstanceOf(IllegalStateException.class)
        .hasMessage("the device \"cpu\" is closed");
  }

  @Test
  void theFirstFailureIsThrownAndTheOthersStop() {
    Set<Integer> begun = ConcurrentHashMap.newKeySet();
    assertThatThrownBy(
            () ->
                pool.run(
                    1_000_000,
                    (worker, index) -> {
                      begun.add(index);
                      throw new IllegalArgumentException("task " + index);
                    }))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageStartingWith("task ");
    assertThat(begun).hasSizeLessThanOrEqualTo(3);
    pool.run(1, (worker, index) -> begun.add(-1));
    assertThat(begun).contains(-1);
  }

  @Test
  void eachTaskThatHasEndedIsToldOnTheCallingThread() {
    Set<Integer> run = ConcurrentHashMap.newKeySet();
    List<Integer> ended = new ArrayList<>();
    Set<Thread> told = new HashSet<>();
    pool.run(
        3,
        50,
        (worker, index) -> run.add(index),
        index -> {
          assertThat(run).contains(index);
          ended.add(index);
          told.add(Thread.currentThread());
        });
    assertThat(ended).hasSize(50).doesNotHaveDuplicates();
    assertThat(told).containsExactly(Thread.currentThread());
  }

  @Test
  void whatTheListenerThrowsStopsTheOthers() {
    Set<Integer> begun = ConcurrentHashMap.newKeySet();
    assertThatThrownBy(
            () ->
                pool.run(
                    3,
                    10_000,
                    (worker, index) -> {
                      begun.add(index);
                      LockSupport.parkNanos(1_000_000);
                    },
                    index -> {
                      throw new IllegalArgumentException("enough");
                    }))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("enough");
    assertThat(begun).hasSizeLessThan(5_000);
  }

  @Test
  void onlyTheFirstWorkersTakePart() {
    Set<Integer> at = ConcurrentHashMap.newKeySet();
    pool.run(2, 100, (worker, index) -> at.add(worker), index -> {});
    assertThat(at).isSubsetOf(0, 1);
  }

  /** The listener sees it, and the caller still waits for the workers; afterwards it is set. */
  @Test
  void anInterruptOfTheWaitingCallerReachesTheListener() {
    Thread caller = Thread.currentThread();
    AtomicIntegerArray runs = new AtomicIntegerArray(20);
    List<Boolean> seen = new ArrayList<>();
    pool.run(
        3,
        runs.length(),
        (worker, index) -> {
          if (index == 5) {
            caller.interrupt();
          }
          LockSupport.parkNanos(1_000_000);
          runs.incrementAndGet(index);
        },
        index -> seen.add(Thread.currentThread().isInterrupted()));
    assertThat(Thread.interrupted()).isTrue();
    assertThat(seen).hasSize(runs.length()).contains(true).endsWith(true);
    for (int i = 0; i < runs.length(); i++) {
      assertThat(runs.get(i)).isEqualTo(1);
    }
  }

  /** A short call need not wait for all tasks of a long one. */
  @Test
  void callsOfOtherThreadsHaveTheirTurnBetweenTasks() throws InterruptedException {
    CountDownLatch begun = new CountDownLatch(1);
    CountDownLatch otherDone = new CountDownLatch(1);
    Thread other =
        new Thread(
            () -> {
              try {
                begun.await();
                pool.run(1, (worker, index) -> {});
                otherDone.countDown();
              } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
              }
            });
    other.start();
    AtomicBoolean inBetween = new AtomicBoolean();
    pool.run(
        3,
        1_000,
        (worker, index) -> {
          begun.countDown();
          LockSupport.parkNanos(1_000_000);
        },
        index -> inBetween.compareAndSet(false, otherDone.getCount() == 0 && index < 900));
    other.join();
    assertThat(inBetween).isTrue();
  }

  @Test
  void whatHasBegunIsFinishedThoughThePoolIsClosed() {
    Set<Integer> run = ConcurrentHashMap.newKeySet();
    pool.run(
        100,
        (worker, index) -> {
          run.add(index);
          pool.close();
        });
    assertThat(run).hasSize(100);
  }
}
