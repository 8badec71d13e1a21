package io.sscam;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;
import static org.junit.jupiter.api.Assumptions.assumeFalse;

import io.sscam.engine.HostTensor;
import io.sscam.engine.backend.Backend;
import io.sscam.engine.backend.Backends;
import io.sscam.kernels.software.SoftwareDevice;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/**
 * The scoring loop on CUDA: what it may cost, what it must not depend on, what it leaves behind.
 */
class CudaLoopTest {
  /** Calls that would make the host wait for the device, or the device for the host. */
  private static final List<String> STOPS =
      List.of(
          "cuStreamSynchronize",
          "cuCtxSynchronize",
          "cuMemcpyHtoDAsync",
          "cuMemcpyDtoHAsync",
          "cuMemAlloc",
          "cuMemFree",
          "cuMemAllocHost");

  private static final List<String> LAUNCHES = List.of("cuLaunchKernel", "cuGraphLaunch");
  private static final int MOST_LAUNCHES = 36;

  private static final TinyNet NET = new TinyNet(5);
  private static final HostTensor PICTURE = TinyNet.picture(6);
  private static final List<Target> TARGET = List.of(new Target.Index(2));
  private static final Backend CUDA = SoftwareDevice.open();
  private static final Classifier CLASSIFIER = NET.classifier(CUDA);

  @BeforeEach
  void forgetFaults() {
    if (!SoftwareDevice.realDevice()) {
      SoftwareDevice.reset();
    }
  }

  @AfterAll
  static void nothingIsLeft() {
    CLASSIFIER.close();
    assertThat(CUDA.liveBytes()).isZero();
    CUDA.close();
    if (!SoftwareDevice.realDevice()) {
      assertThat(SoftwareDevice.liveBytes()).isZero();
      assertThat(SoftwareDevice.liveObjects()).isZero();
      assertThat(SoftwareDevice.complaints()).isEmpty();
    }
  }

  private static Method samples(int n) {
    return new Method.SsCam("test", Scoring.preset("default").withSamples(n));
  }

  private static float[] heatmap(Explainer explainer) {
    return explainer.explain(PICTURE, TARGET, 9).get(0).heatmap().data();
  }

  /** 11 live channels × N samples, 11 a chunk: N chunks. */
  @Test
  void moreChunksNeedNoMoreStopsAndFewLaunches() {
    assumeFalse(SoftwareDevice.realDevice(), "calls are counted on the software device");
    Map<String, Long> few = calls(3);
    Map<String, Long> many = calls(13);
    for (String stop : STOPS) {
      assertThat(many.get(stop)).as(stop).isEqualTo(few.get(stop));
    }
    long launches = 0;
    for (String launch : LAUNCHES) {
      launches += many.get(launch) - few.get(launch);
    }
    assertThat(launches).isPositive().isLessThanOrEqualTo(10 * MOST_LAUNCHES);
    System.out.printf("CudaLoopTest: %.1f launches a chunk%n", launches / 10.0);
  }

  private static Map<String, Long> calls(int n) {
    try (Explainer explainer = CLASSIFIER.explainer().method(samples(n)).batch(11).open()) {
      heatmap(explainer); // kernels and plans are made when first wanted
      SoftwareDevice.reset();
      heatmap(explainer);
      Map<String, Long> counts = new LinkedHashMap<>();
      STOPS.forEach(call -> counts.put(call, SoftwareDevice.calls(call)));
      LAUNCHES.forEach(call -> counts.put(call, SoftwareDevice.calls(call)));
      return counts;
    }
  }

  @Test
  void chunksDoNotMatter() {
    try (Explainer one = CLASSIFIER.explainer().method(samples(5)).batch(1).open();
        Explainer seven = CLASSIFIER.explainer().method(samples(5)).batch(7).open();
        Explainer more = CLASSIFIER.explainer().method(samples(5)).batch(64).open()) {
      float[] expected = heatmap(one);
      assertThat(heatmap(seven)).containsExactly(expected, within(1e-5f));
      assertThat(heatmap(more)).containsExactly(expected, within(1e-5f));
    }
  }

  @Test
  void theCpuDrawsTheSameMaps() {
    try (Backend cpu = Backends.open("cpu", 2);
        Classifier onCpu = NET.classifier(cpu)) {
      for (String preset : Scoring.presets().keySet()) {
        Method method = new Method.SsCam(preset, Scoring.preset(preset).withSamples(3));
        try (Explainer here = CLASSIFIER.explainer().method(method).open();
            Explainer there = onCpu.explainer().method(method).open()) {
          assertThat(heatmap(here)).as(preset).containsExactly(heatmap(there), within(1e-4f));
        }
      }
    }
  }

  @Test
  void aThousandExplanationsKeepMemoryFlat() {
    try (Explainer explainer = CLASSIFIER.explainer().method(samples(2)).batch(16).open()) {
      float[] first = heatmap(explainer);
      long live = CUDA.liveBytes();
      long objects = SoftwareDevice.realDevice() ? 0 : SoftwareDevice.liveObjects();
      for (int i = 0; i < 1000; i++) {
        float[] again = heatmap(explainer);
        if (i % 100 == 0) {
          assertThat(again).containsExactly(first);
        }
      }
      assertThat(CUDA.liveBytes()).isEqualTo(live);
      if (!SoftwareDevice.realDevice()) {
        assertThat(SoftwareDevice.liveBytes()).isEqualTo(live);
        assertThat(SoftwareDevice.liveObjects()).isEqualTo(objects);
      }
    }
  }

  @Test
  void twoSessionsOnTwoThreads() throws Exception {
    Callable<float[]> work =
        () -> {
          try (Explainer explainer = CLASSIFIER.explainer().method(samples(4)).batch(5).open()) {
            float[] map = heatmap(explainer);
            for (int i = 0; i < 20; i++) {
              assertThat(heatmap(explainer)).containsExactly(map);
            }
            return map;
          }
        };
    float[] alone = work.call();
    ExecutorService threads = Executors.newFixedThreadPool(2);
    try {
      for (Future<float[]> map : threads.invokeAll(List.of(work, work))) {
        assertThat(map.get()).containsExactly(alone, within(1e-6f));
      }
    } finally {
      threads.shutdownNow();
    }
  }

  @Test
  void aFullDeviceGetsSmallerChunks() {
    assumeFalse(SoftwareDevice.realDevice(), "the software device's memory can be made small");
    float[] expected;
    long needed;
    try (Explainer explainer = CLASSIFIER.explainer().method(samples(4)).batch(40).open()) {
      needed = SoftwareDevice.liveBytes();
      expected = heatmap(explainer);
      assertThat(explainer.batch()).isEqualTo(40);
    }
    SoftwareDevice.totalMemory(needed - 50_000); // a few pictures
    try (Explainer explainer = CLASSIFIER.explainer().method(samples(4)).batch(40).open()) {
      Explanation explanation = explainer.explain(PICTURE, TARGET, 9).get(0);
      assertThat(explanation.batch()).isLessThan(40);
      assertThat(explanation.heatmap().data()).containsExactly(expected, within(1e-5f));
    }
  }
}
