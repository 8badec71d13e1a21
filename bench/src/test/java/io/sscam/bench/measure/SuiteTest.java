package io.sscam.bench.measure;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.withinPercentage;

import io.sscam.Explanation;
import io.sscam.engine.Shape;
import io.sscam.engine.backend.Backend;
import io.sscam.engine.backend.Executable;
import io.sscam.engine.backend.Precision;
import io.sscam.engine.backend.Session;
import io.sscam.engine.backend.Tensor;
import io.sscam.engine.cpu.CpuBackend;
import io.sscam.nets.Network;
import java.io.IOException;
import java.lang.reflect.InvocationHandler;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Proxy;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** All benchmarks, on next to nothing. */
class SuiteTest {
  private static final Effort TINY = tiny(1000, 1000);

  private static Effort tiny(double longest, double deadline) {
    return new Effort(
        2,
        0,
        1e-4,
        2,
        longest,
        1 << 16,
        0,
        64,
        List.of(new MapSize(5, 3, 4, 20, 33)),
        2000,
        List.of(Network.named("squeezenet1_0")),
        List.of(1, 3),
        32,
        32,
        40, // 2×2 maps: none is constant
        List.of(1, 2, 3),
        1,
        deadline);
  }

  private static BenchResult run(Backend backend, Group group, Effort effort) throws IOException {
    return run(backend, group, effort, step -> {});
  }

  private static BenchResult run(
      Backend backend, Group group, Effort effort, Consumer<String> steps) throws IOException {
    return new Suite(backend.device(), Precision.FP32, group, true, "test", effort)
        .run(new PartBench(backend, Precision.FP32, group, effort, CpuBackend::new, steps));
  }

  @Test
  void everyGroupOnTheCpu() throws IOException {
    try (Backend cpu = new CpuBackend(2)) {
      List<String> steps = new ArrayList<>();
      BenchResult result = run(cpu, Group.ALL, TINY, steps::add);
      assertThat(cpu.liveBytes()).isZero();
      assertThat(steps).contains("checking nets", "measuring sscam, round 2 of 2");
      assertThat(result.of(Group.CEILINGS))
          .extracting(Measurement::params)
          .anyMatch(params -> params.endsWith(", 1 thread"))
          .anyMatch(params -> params.endsWith(", 2 threads"));
      assertThat(result.of(Group.KERNELS)).hasSize(KernelCase.all().size());
      assertThat(result.of(Group.NETS))
          .extracting(Measurement::params)
          .containsExactly("32×32, batch 1", "32×32, batch 3");
      assertThat(result.measurements())
          .filteredOn(Measurement::timed)
          .allMatch(row -> row.low() <= row.median() && row.median() <= row.high());
      // A line through the times of explanations as short as these may well end below zero.
      assertThat(result.measurements())
          .filteredOn(row -> row.timed() && !row.name().startsWith("predicted"))
          .allMatch(row -> row.low() > 0);
      assertThat(result.notes())
          .anyMatch(note -> note.contains("times as fast as its parts"))
          .anyMatch(note -> note.contains("linear in N: 40×40, N = 3, batch"))
          .anyMatch(note -> note.contains("linear in K: 40×40, K = 384, batch"));
      explanations(result);
      layers(result);
      assertThat(BenchReport.lines(result)).allMatch(line -> line.length() <= BenchReport.WIDTH);
      assertThat(BenchHtml.write(result)).doesNotContain("NaN", "Infinity");
    }
  }

  /** The layers together have the operations of the net, and most of its time. */
  private static void layers(BenchResult result) {
    List<Measurement> rows = result.of(Group.LAYERS);
    Measurement net = result.of(Group.NETS).get(0);
    assertThat(rows)
        .extracting(Measurement::params)
        .contains("features.0, batch 16", "features.12.expand3x3, batch 16");
    double flops = rows.stream().mapToDouble(row -> row.flops() / row.items()).sum();
    assertThat(flops).isCloseTo(net.flops() / net.items(), withinPercentage(0.01));
  }

  /**
   * A baseline, the picture itself and N passes a live channel: three N, then the first again with
   * a smaller batch, then four layers. Memory does not grow with N.
   */
  private static void explanations(BenchResult result) {
    List<Measurement> rows =
        result.of(Group.SSCAM).stream().filter(row -> row.name().equals("explanation")).toList();
    assertThat(rows).hasSize(8);
    long one = rows.get(0).items() - 2;
    assertThat(one).isPositive();
    assertThat(rows).extracting(Measurement::items).containsOnlyOnce(2 * one + 2, 3 * one + 2);
    assertThat(rows).extracting(Measurement::params).anyMatch(params -> params.contains("K = 128"));
    List<Double> memory =
        result.of(Group.SSCAM).stream()
            .filter(row -> row.name().equals("  device memory") && row.params().contains("N ="))
            .map(Measurement::median)
            .toList();
    long scores = 512 * Float.BYTES;
    assertThat(memory.get(2) - memory.get(0)).isBetween(0.0, 2.0 * scores);
    assertThat(Environment.peakMemory()).isGreaterThan(1 << 20);
  }

  /** Scores that are all zero would agree with anything. */
  @Test
  void theCheckedScoresSaySomething() {
    try (Backend cpu = new CpuBackend(2)) {
      Explanation explanation =
          new ExplainedPicture(cpu, Precision.FP32, SscamBench.CHECKED_SIDE).small();
      assertThat(explanation.scores().shape()).isEqualTo(Shape.of(96, 1));
      Set<Float> different = new TreeSet<>();
      for (float score : explanation.scores().data()) {
        different.add(score);
      }
      assertThat(different).hasSizeGreaterThan(20);
    }
  }

  @Test
  void whatIsTooSlowIsLeftOutAndSaid() throws IOException {
    Effort impatient = tiny(0, 1000);
    try (Backend cpu = new CpuBackend(1)) {
      BenchResult result = run(cpu, Group.NETS, impatient);
      assertThat(result.of(Group.NETS))
          .extracting(Measurement::params)
          .containsExactly("32×32, batch 1");
      assertThat(result.notes())
          .singleElement()
          .asString()
          .startsWith("squeezenet1_0 is not run with batch 3 and more");
      assertThat(result.of(Group.KERNELS)).isEmpty();
      assertThat(result.of(Group.SSCAM)).isEmpty();
    }
  }

  @Test
  void noRoundBeginsThatWouldEndTooLate() throws IOException {
    try (Backend cpu = new CpuBackend(1)) {
      List<String> steps = new ArrayList<>();
      BenchResult result = run(cpu, Group.NETS, tiny(1000, 1e-9), steps::add);
      assertThat(steps).contains("measuring nets, round 1 of 2");
      assertThat(steps).noneMatch(step -> step.contains("round 2"));
      assertThat(result.notes()).anyMatch(note -> note.startsWith("only 1 of 2 rounds"));
    }
  }

  @ParameterizedTest
  @CsvSource({
    "CEILINGS, run,              a product of matrices",
    "KERNELS,  maskMultiply,     maskMultiply at 5×3×4",
    "KERNELS,  softmax,          softmax at",
    "SSCAM,    gatherScore,      the scores of an explanation",
  })
  void aWrongResultIsNotTimed(Group group, String operation, String what) {
    try (Backend cpu = new CpuBackend(1)) {
      Backend faulty = faulty(Backend.class, cpu, operation, null);
      assertThatThrownBy(() -> run(faulty, group, TINY))
          .isInstanceOf(WrongResultException.class)
          .hasMessageContaining(what);
    }
  }

  /** A device that gets the largest element of an operation's, or a net's, result wrong by 1 %. */
  private static <T> T faulty(Class<T> type, T target, String operation, Session session) {
    return type.cast(
        Proxy.newProxyInstance(
            type.getClassLoader(),
            new Class<?>[] {type},
            (self, method, arguments) -> {
              if (method.isDefault()) { // made of calls that this device gets wrong
                return InvocationHandler.invokeDefault(self, method, arguments);
              }
              Object result;
              try {
                result = method.invoke(target, arguments);
              } catch (InvocationTargetException e) {
                throw e.getCause();
              }
              if (method.getName().equals(operation)) {
                boolean net = target instanceof Executable;
                spoil(
                    net ? session : (Session) target,
                    net
                        ? ((Executable) target).logits()
                        : (Tensor) arguments[arguments.length - 1]);
              }
              if (result instanceof Session opened) {
                return faulty(Session.class, opened, operation, null);
              }
              return result instanceof Executable net
                  ? faulty(Executable.class, net, operation, (Session) target)
                  : result;
            }));
  }

  private static void spoil(Session session, Tensor tensor) {
    float[] values = new float[tensor.shape().elementsAsInt()];
    session.download(tensor, values);
    for (int i = 0; i < values.length; i++) {
      values[i] *= 1.01f;
    }
    session.upload(values, tensor);
  }
}
