package io.sscam.bench.jmh;

import io.sscam.Classifier;
import io.sscam.Explainer;
import io.sscam.Explanation;
import io.sscam.bench.measure.ExplainedPicture;
import io.sscam.engine.backend.Backend;
import io.sscam.engine.backend.Precision;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.TearDown;

/** SS-CAM from the picture to the map, by the demo model: nearly all of it is the scoring loop. */
public class ExplanationBenchmark extends OnCpu {
  /** Height and width of the picture. */
  @Param("96")
  private int side;

  /** N. */
  @Param("1")
  private int samples;

  private Backend backend;
  private Classifier classifier;
  private Explainer explainer;

  /** The demo model loaded, the explainer open. */
  @Setup
  public void load() {
    backend = open();
    classifier = new ExplainedPicture(backend, Precision.FP32, side).open();
    explainer = classifier.explainer().method(ExplainedPicture.method(samples)).open();
  }

  /** One explanation of the top class. */
  @Benchmark
  public Explanation explain() {
    return ExplainedPicture.explain(classifier, explainer);
  }

  /** Gives everything back. */
  @TearDown
  public void free() {
    explainer.close();
    classifier.close();
    backend.close();
  }
}
