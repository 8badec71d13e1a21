package io.sscam.engine.cpu;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.Collections;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicIntegerArray;
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
  void teamsTakeTurnsOnTheWorkers() {
    assertThat(members(pool.team(1))).containsExactly(0);
    assertThat(members(pool.team(2))).containsExactly(1, 2);
    assertThat(members(pool.team(3))).containsExactly(0, 1, 2);
    assertThat(members(pool.team(2))).containsExactly(0, 1);
    assertThat(members(pool.team(1))).containsExactly(2);
  }

  /** Batches smaller than the pool, say of two sessions: neither waits for the other's worker. */
  @Test
  void smallTeamsRunSideBySide() throws InterruptedException {
    WorkerPool.Team one = pool.team(1);
    WorkerPool.Team other = pool.team(1);
    CountDownLatch both = new CountDownLatch(2);
    Thread thread = new Thread(() -> one.run(1, (worker, index) -> meet(both)));
    thread.start();
    other.run(1, (worker, index) -> meet(both));
    thread.join();
    assertThat(both.getCount()).isZero();
  }

  private static void meet(CountDownLatch both) {
    both.countDown();
    try {
      assertThat(both.await(1, TimeUnit.MINUTES)).as("the other came").isTrue();
    } catch (InterruptedException e) {
      throw new IllegalStateException(e);
    }
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

  private static Set<Integer> members(WorkerPool.Team team) {
    Set<Integer> members = Collections.synchronizedSet(new TreeSet<>());
    team.onEach((worker, index) -> members.add(worker));
    assertThat(members).hasSize(team.size());
    return members;
  }
}
