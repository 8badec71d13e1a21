package io.sscam.bench.measure;

import static org.assertj.core.api.Assertions.assertThat;

import io.sscam.engine.backend.Session;
import java.lang.reflect.InvocationHandler;
import java.lang.reflect.Proxy;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.Test;

/** Blocks of calls that end with the device's own end. */
class TimerTest {
  private final List<String> log = new ArrayList<>();

  /** Notes only that it is waited for. */
  private final Session session =
      (Session)
          Proxy.newProxyInstance(
              Session.class.getClassLoader(),
              new Class<?>[] {Session.class},
              (self, method, arguments) -> {
                if (method.isDefault()) {
                  return InvocationHandler.invokeDefault(self, method, arguments);
                }
                log.add(method.getName());
                return null;
              });

  @Test
  void aBlockBeginsAndEndsWithAnIdleDevice() {
    double seconds = Timer.block(session, () -> log.add("call"), 3);
    assertThat(log).containsExactly("synchronise", "call", "call", "call", "synchronise");
    assertThat(seconds).isPositive();
  }

  @Test
  void shortCallsFillABlockAndTheTimeIsThatOfOne() {
    Effort quick = Effort.quick();
    double nap = 2e-3;
    double[] seconds =
        new Timer(quick).time(session, () -> LockSupport.parkNanos((long) (nap * 1e9)));
    assertThat(seconds).hasSize(quick.blocks());
    // A nap may be longer than asked for, but not by a block of calls.
    for (double s : seconds) {
      assertThat(s).isBetween(nap * 0.5, quick.block());
    }
  }
}
