package io.sscam.bench.jmh;

import io.sscam.engine.HostTensor;
import io.sscam.engine.generated.GeneratedWeights;
import io.sscam.nets.Network;
import io.sscam.weights.DType;
import io.sscam.weights.SafetensorsWriter;
import io.sscam.weights.WeightFile;
import io.sscam.weights.WeightFiles;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.TearDown;
import org.openjdk.jmh.infra.Blackhole;

/**
 * A weight file opened and all its tensors read. It has just been written, so no disk is waited
 * for.
 */
public class WeightsBenchmark extends Timed {
  private static final int CLASSES = 1000;

  /** Whose weights, generated, as float32 in safetensors. */
  @Param("squeezenet1_0")
  private String net;

  private Path file;

  /** Writes the file. */
  @Setup
  public void write() throws IOException {
    GeneratedWeights weights = new GeneratedWeights(Network.named(net).parameters(CLASSES));
    Map<String, HostTensor> tensors = new LinkedHashMap<>();
    weights.names().forEach(name -> tensors.put(name, weights.read(name)));
    file = Files.createTempFile("sscam-jmh", ".safetensors");
    SafetensorsWriter.write(file, tensors, Map.of(), DType.F32);
  }

  /** Opens, reads all, closes. */
  @Benchmark
  public void read(Blackhole sink) {
    try (WeightFile weights = WeightFiles.open(file)) {
      for (String name : weights.names()) {
        sink.consume(weights.read(name));
      }
    }
  }

  /** Removes the file. */
  @TearDown
  public void delete() throws IOException {
    Files.deleteIfExists(file);
  }
}
