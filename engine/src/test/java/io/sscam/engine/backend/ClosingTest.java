package io.sscam.engine.backend;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class ClosingTest {
  @Test
  void aFailureSkipsNothing() {
    List<String> closed = new ArrayList<>();
    IllegalStateException first = new IllegalStateException("first");
    IllegalStateException second = new IllegalStateException("second");
    Runnable fails =
        () -> {
          throw first;
        };
    Runnable failsToo =
        () -> {
          throw second;
        };
    assertThatThrownBy(
            () ->
                Closing.all(List.of(fails, () -> closed.add("a"), failsToo, () -> closed.add("b"))))
        .isSameAs(first)
        .hasSuppressedException(second);
    assertThat(closed).containsExactly("a", "b");
  }
}
