package io.sscam.engine.cpu;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
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
}
