package io.sscam.bench.jmh;

import io.sscam.bench.measure.Workbench;
import io.sscam.engine.backend.Backend;
import io.sscam.engine.backend.Executable;
import io.sscam.engine.backend.Precision;
import io.sscam.engine.backend.Session;
import io.sscam.engine.generated.GeneratedWeights;
import io.sscam.nets.Network;
import java.util.Set;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.TearDown;

/** A net on one batch of pictures; time does not depend on the weights, which are generated. */
public class ForwardBenchmark extends OnCpu {
  private static final int CLASSES = 1000;

  /** Which net. */
  @Param({"resnet18", "vgg16", "squeezenet1_0"})
  private String net;

  /** Pictures a run. */
  @Param({"1", "8"})
  private int batch;

  /** Height and width of the pictures. */
  @Param("224")
  private int side;

  private Backend backend;
  private Backend.Model model;
  private Session session;
  private Executable executable;

  /** The net compiled, its pictures in place. */
  @Setup
  public void compile() {
    Network network = Network.named(net);
    backend = open();
    model =
        backend.load(
            network.graph(side, side, CLASSES),
            new GeneratedWeights(network.parameters(CLASSES)),
            Precision.FP32);
    session = backend.openSession();
    executable = session.compile(model, batch, Set.of());
    int elements = executable.input().shape().elementsAsInt();
    session.upload(Workbench.uniform("pictures", elements), executable.input());
  }

  /** One run of the whole batch. */
  @Benchmark
  public void forward() {
    executable.run(batch);
    session.synchronise();
  }

  /** Gives everything back. */
  @TearDown
  public void free() {
    executable.close();
    session.close();
    model.close();
    backend.close();
  }
}
