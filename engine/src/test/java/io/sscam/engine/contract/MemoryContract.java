package io.sscam.engine.contract;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.sscam.engine.Shape;
import io.sscam.engine.backend.Arena;
import io.sscam.engine.backend.DataType;
import io.sscam.engine.backend.OutOfDeviceMemoryException;
import io.sscam.engine.backend.Tensor;
import java.util.List;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.Test;

/** Allocation, transfers and lifetimes. */
abstract class MemoryContract extends Bench {
  MemoryContract(BackendContract contract) {
    super(contract);
  }

  @Test
  void deviceIsNamed() {
    assertThat(backend.device().id()).isNotBlank();
    assertThat(backend.device().description()).isNotBlank();
    assertThat(backend.device().threads()).isPositive();
  }

  @Test
  void tensorKnowsItsNameShapeAndType() {
    try (Arena arena = session.arena("a")) {
      Tensor tensor = arena.allocate("t", DataType.I32, Shape.of(2, 3));
      assertThat(tensor.name()).isEqualTo("t");
      assertThat(tensor.shape()).isEqualTo(Shape.of(2, 3));
      assertThat(tensor.type()).isEqualTo(DataType.I32);
    }
  }

  @Test
  void transfersKeepEveryBit() {
    float[] values = {
      0f,
      -0f,
      Float.MIN_VALUE,
      -Float.MIN_VALUE,
      Float.MIN_NORMAL,
      Float.MAX_VALUE,
      1e-40f,
      Float.POSITIVE_INFINITY,
      Float.NEGATIVE_INFINITY,
      Float.NaN,
      0.1f
    };
    try (Arena arena = session.arena("a")) {
      Tensor tensor = floats(arena, "t", values, values.length);
      Tensor other = poisoned(arena, "u", values.length);
      session.copy(tensor, other, values.length);
      Near.bits("upload, download", download(tensor), values);
      Near.bits("copy", download(other), values);
    }
  }

  @Test
  void partialTransfersLeaveTheRest() {
    try (Arena arena = session.arena("a")) {
      Tensor tensor = poisoned(arena, "t", 5, 7);
      session.upload(new float[] {1, 2, 3}, tensor);
      assertThat(download(tensor, 2)).containsExactly(1, 2);
      Near.untouched("upload", download(tensor), 3, 35);
      Tensor other = poisoned(arena, "u", 4);
      session.copy(tensor, other, 2);
      assertThat(download(other, 2)).containsExactly(1, 2);
      Near.untouched("copy", download(other), 2, 4);
    }
  }

  @Test
  void fillSetsEveryElement() {
    try (Arena arena = session.arena("a")) {
      Tensor tensor = poisoned(arena, "t", 3, 17, 23);
      session.fill(tensor, -2.5f);
      session.synchronise();
      assertThat(download(tensor)).containsOnly(-2.5f);
    }
  }

  @Test
  void workIsTimedToItsEnd() {
    try (Arena arena = session.arena("a")) {
      Tensor tensor = poisoned(arena, "t", 5, 64, 64);
      double once = session.seconds(() -> session.fill(tensor, 1));
      double often =
          session.seconds(
              () -> {
                for (int i = 0; i < 1000; i++) {
                  session.fill(tensor, i);
                }
              });
      assertThat(once).isPositive().isLessThan(10);
      assertThat(often).isGreaterThan(once);
      assertThat(download(tensor)).containsOnly(999);
    }
  }

  @Test
  void memoryIsNotShared() {
    try (Arena arena = session.arena("a")) {
      Tensor one = poisoned(arena, "one", 1);
      Tensor two = poisoned(arena, "two", 1);
      float[] source = {1};
      session.upload(source, one);
      session.fill(two, 2);
      source[0] = 3; // the caller's array is its own again once upload returns
      assertThat(download(one)).containsExactly(1);
    }
  }

  @Test
  void liveBytesAreCounted() {
    Arena first = session.arena("first");
    Arena second = session.arena("second");
    first.floats("t", 100);
    long one = backend.liveBytes();
    assertThat(one).isGreaterThanOrEqualTo(400);
    second.floats("u", 1000);
    assertThat(backend.liveBytes()).isGreaterThanOrEqualTo(one + 4000);
    second.close();
    assertThat(backend.liveBytes()).isEqualTo(one);
    second.close();
    assertThat(backend.liveBytes()).as("closing twice").isEqualTo(one);
    first.close();
  }

  @Test
  void transfersThatDoNotFitAreRefused() {
    try (Arena arena = session.arena("a")) {
      Tensor small = poisoned(arena, "small", 2);
      Tensor large = poisoned(arena, "large", 4);
      Tensor indices = ints(arena, "indices", 1, 2, 3);
      assertRefused("small", () -> session.upload(new float[3], small));
      assertRefused("small", () -> session.upload(new int[] {1}, small));
      assertRefused("small", () -> session.download(small, new float[3]));
      assertRefused("small", () -> session.copy(large, small, 3));
      assertRefused("small", () -> session.copy(small, large, 3));
      assertRefused("indices", () -> session.upload(new float[1], indices));
      assertRefused("indices", () -> session.upload(new int[4], indices));
      assertRefused("indices", () -> session.fill(indices, 0));
      Near.untouched("small", download(small), 0, 2);
    }
  }

  private static void assertRefused(String name, ThrowingCallable call) {
    assertThatThrownBy(call)
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining(name);
  }

  @Test
  void useAfterCloseNamesTheTensor() {
    Arena open = session.arena("open");
    Tensor alive = poisoned(open, "alive", 1, 1);
    Arena closed = session.arena("closed");
    Tensor dead = poisoned(closed, "feature maps", 1, 1);
    closed.close();
    List<ThrowingCallable> uses =
        List.of(
            () -> session.upload(new float[1], dead),
            () -> session.download(dead, new float[1]),
            () -> session.fill(dead, 0),
            () -> session.copy(dead, alive, 1),
            () -> session.copy(alive, dead, 1),
            () -> session.softmax(dead, alive),
            () -> session.softmax(alive, dead),
            () -> session.gaussianNoise(1, 2, 3, dead));
    for (ThrowingCallable use : uses) {
      assertThatThrownBy(use)
          .isInstanceOf(IllegalStateException.class)
          .hasMessageContaining("feature maps");
    }
    assertThatThrownBy(() -> closed.floats("late", 1)).isInstanceOf(IllegalStateException.class);
    open.close();
  }

  @Test
  void memoryThatIsNotThereIsRefusedAndNotCounted() {
    try (Arena arena = session.arena("a")) {
      assertThatThrownBy(() -> arena.floats("giant", 1 << 20, 1 << 20, 1 << 10))
          .isInstanceOf(OutOfDeviceMemoryException.class)
          .hasMessageContaining("giant");
      assertThat(backend.liveBytes()).isZero();
    }
  }
}
