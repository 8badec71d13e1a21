package io.sscam.kernels.cuda;

import io.sscam.engine.Shape;
import io.sscam.engine.backend.Backend;
import io.sscam.engine.backend.Executable;
import io.sscam.engine.backend.Precision;
import io.sscam.engine.backend.Session;
import io.sscam.engine.generated.GeneratedWeights;
import io.sscam.engine.graph.ConvSpec;
import io.sscam.engine.graph.Graph;
import io.sscam.engine.reference.ReferenceBackend;
import io.sscam.kernels.cuda.driver.CubinCache;
import io.sscam.kernels.cuda.driver.CudaLibraries;
import io.sscam.kernels.cuda.driver.RuntimeCompiler;
import io.sscam.kernels.cuda.driver.VendorLibrary;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** Main program for tests: cuDNN, cuBLAS, our kernels and NVRTC once each, beside the reference. */
final class SmallNet {
  private SmallNet() {}

  /** Given a folder for compiled kernels; exit code 1: a result is wrong. */
  public static void main(String[] arguments) {
    float[] expected;
    try (Backend backend = new ReferenceBackend(1)) {
      expected = logits(backend);
    }
    float[] actual;
    try (Backend backend = CudaBackend.open(0)) {
      actual = logits(backend);
    }
    for (int i = 0; i < expected.length; i++) {
      if (!(Math.abs(actual[i] - expected[i]) <= 1e-4 * Math.max(1, Math.abs(expected[i])))) {
        System.out.println("logit " + i + " is " + actual[i] + ", not " + expected[i]);
        System.exit(1);
      }
    }
    RuntimeCompiler compiler = new RuntimeCompiler(new CubinCache(Path.of(arguments[0])));
    RuntimeCompiler.Source source =
        RuntimeCompiler.Source.of("k.cu", "extern \"C\" __global__ void k() {}", Map.of());
    System.out.println("cubin " + compiler.compile(source, 90, List.of()).image().length);
    System.out.println("cublas " + CudaLibraries.load().file(VendorLibrary.CUBLAS));
    System.out.println("nvrtc " + CudaLibraries.load().file(VendorLibrary.NVRTC));
    System.out.println("logits " + expected.length + " agree");
  }

  private static float[] logits(Backend backend) {
    Graph.Builder g = Graph.builder(Shape.of(3, 9, 7));
    Graph.Value maps = g.conv(g.input(), ConvSpec.of("conv", 5, 3).padding(1).withRelu());
    g.linear("fc", maps, 4, false);
    Graph graph = g.build();
    GeneratedWeights weights =
        new GeneratedWeights(
            Map.of(
                "conv.weight", Shape.of(5, 3, 3, 3),
                "conv.bias", Shape.of(5),
                "fc.weight", Shape.of(4, 5 * 9 * 7),
                "fc.bias", Shape.of(4)));
    float[] picture = new float[3 * 9 * 7];
    for (int e = 0; e < picture.length; e++) {
      picture[e] = (e * 37 % 101) / 50f - 1;
    }
    try (Session session = backend.openSession();
        Backend.Model model = backend.load(graph, weights, Precision.FP32);
        Executable net = session.compile(model, 1, Set.of())) {
      session.upload(picture, net.input());
      net.run(1);
      float[] logits = new float[4];
      session.download(net.logits(), logits);
      return logits;
    }
  }
}
