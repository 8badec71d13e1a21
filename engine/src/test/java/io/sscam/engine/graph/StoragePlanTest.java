package io.sscam.engine.graph;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.sscam.engine.graph.StoragePlan.Storage;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

class StoragePlanTest {

  private record Life(Storage storage, long bytes, int first, int last) {
    boolean meets(Life other) {
      boolean inTime = first <= other.last && other.first <= last;
      boolean inSpace =
          storage.offset() < other.storage.offset() + other.bytes
              && other.storage.offset() < storage.offset() + bytes;
      return inTime && inSpace;
    }
  }

  @Test
  void nothingOverlapsWhatLivesAtTheSameTime() {
    SplittableRandom random = new SplittableRandom(3);
    for (int round = 0; round < 200; round++) {
      StoragePlan plan = new StoragePlan(256);
      List<Life> lives = new ArrayList<>();
      for (int i = 0; i < 30; i++) {
        long bytes = random.nextLong(1, 5000);
        int first = random.nextInt(20);
        int last = first + random.nextInt(6);
        Storage storage = plan.add(bytes, first);
        storage.useAt(last);
        lives.add(new Life(storage, bytes, first, last));
      }
      long end = plan.place();
      for (Life one : lives) {
        assertThat(one.storage.offset() % 256).isZero();
        assertThat(one.storage.offset() + one.bytes).isLessThanOrEqualTo(end);
        assertThat(lives).filteredOn(other -> !other.equals(one)).noneMatch(one::meets);
      }
    }
  }

  @Test
  void aChainNeedsTwoBuffers() {
    StoragePlan plan = new StoragePlan(64);
    for (int step = 0; step < 10; step++) {
      plan.add(1000, step).useAt(step + 1);
    }
    assertThat(plan.place()).isEqualTo(2 * 1024);
  }

  @Test
  void offsetsAreKnownOncePlaced() {
    Storage storage = new StoragePlan(64).add(1, 0);
    assertThatThrownBy(storage::offset).isInstanceOf(IllegalStateException.class);
  }
}
