package io.sscam.bench.measure;

import io.sscam.engine.backend.Backend;
import io.sscam.engine.backend.Executable;
import io.sscam.engine.backend.OutOfDeviceMemoryException;
import io.sscam.engine.backend.Precision;
import io.sscam.engine.backend.Session;
import io.sscam.engine.backend.StepTime;
import io.sscam.engine.graph.Graph;
import io.sscam.engine.graph.Layer;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** The time of each layer of a net, its conversions of layout included. */
final class LayerBench {
  /** Pictures a run: enough for the scoring loop's usual speed. */
  private static final int BATCH = 16;

  private final Precision precision;
  private final Effort effort;

  LayerBench(Precision precision, Effort effort) {
    this.precision = precision;
    this.effort = effort;
  }

  void run(String name, Backend.Model model, Session session, Recorder recorder) {
    Graph graph = model.graph();
    try (Executable net = session.compile(model, BATCH, Set.of())) {
      float[] pictures = Workbench.uniform("picture", BATCH * graph.input().elementsAsInt());
      session.upload(pictures, net.input());
      net.run(BATCH);
      for (int i = 0; i < effort.blocks(); i++) {
        record(name, graph, net.profile(), recorder);
      }
    } catch (OutOfDeviceMemoryException e) {
      recorder.note(name + ": no time per layer, the device has not enough memory for " + BATCH);
    }
  }

  private void record(String net, Graph graph, List<StepTime> steps, Recorder recorder) {
    Map<String, Double> seconds = new LinkedHashMap<>();
    steps.forEach(step -> seconds.merge(step.layer(), step.seconds(), Double::sum));
    int pictures = steps.get(0).pictures();
    for (Layer layer : graph.layers()) {
      Double time = seconds.get(layer.name());
      if (time != null) {
        GraphCost cost = GraphCost.of(graph, layer);
        recorder.add(
            Recorder.Row.timed(
                Group.LAYERS,
                net,
                layer.name() + ", batch " + pictures,
                cost.bytes(pictures, Roof.bytes(precision)),
                pictures * cost.flops(),
                pictures),
            time);
      }
    }
  }
}
