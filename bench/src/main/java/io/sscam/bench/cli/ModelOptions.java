package io.sscam.bench.cli;

import io.sscam.Classifier;
import io.sscam.ClassifierBuilder;
import io.sscam.engine.backend.Precision;
import io.sscam.nets.ClassNames;
import io.sscam.nets.Network;
import io.sscam.nets.Preprocess;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** The options that choose net, weights and device. */
final class ModelOptions {
  private static final int SMALLEST = 32;
  private static final int LARGEST = 4096;

  @Option(
      names = "--model",
      paramLabel = "NAME",
      description =
          "resnet18, vgg16 or squeezenet1_0; if not given, the net of the --weights or else the"
              + " built-in demo model.")
  private @Nullable String model;

  @Option(
      names = "--weights",
      paramLabel = "FILE",
      description =
          "A safetensors file or PyTorch checkpoint; if not given, ImageNet weights fetched by"
              + " \"weights pull\".")
  private @Nullable Path weights;

  @Option(
      names = "--class-names",
      paramLabel = "FILE",
      description = "Names of the classes, one a line.")
  private @Nullable Path classNames;

  @Option(
      names = "--preprocess",
      paramLabel = "MODE",
      defaultValue = "imagenet",
      description =
          "imagenet: short side to 256, centre crop 224; stretch: the whole picture"
              + " (default: ${DEFAULT-VALUE}).")
  private Preprocess.Mode preprocess = Preprocess.Mode.IMAGENET;

  @Option(
      names = "--size",
      paramLabel = "HxW",
      defaultValue = "224x224",
      description =
          "Input size of the net, height x width, from 32x32 to 4096x4096 (default: ${DEFAULT-VALUE}).")
  private String size = "224x224";

  @Option(
      names = "--device",
      paramLabel = "NAME",
      defaultValue = "auto",
      description =
          "cpu, cuda:0 or auto, which is cpu; see: sscam-engine devices (default: ${DEFAULT-VALUE}).")
  private String device = "auto";

  @Option(
      names = "--precision",
      paramLabel = "NAME",
      defaultValue = "fp32",
      description =
          "fp32; on a GPU also tf32 and fp16, on a CPU with AMX or AVX512-BF16 also"
              + " bf16 (default: ${DEFAULT-VALUE}).")
  private Precision precision = Precision.FP32;

  @Option(names = "--threads", paramLabel = "N", description = "CPU threads (default: all cores).")
  private int threads = Runtime.getRuntime().availableProcessors();

  /** Whether the model in the box is used. */
  boolean demo() {
    return model == null && weights == null;
  }

  /** Says which model is used where the user may not expect it. */
  void announce(PrintWriter err, Classifier classifier) {
    if (demo()) {
      err.printf(
          "Using the built-in demo model (%d kinds of emoji); for ImageNet's 1000 classes: weights"
              + " pull resnet18, then --model resnet18%n",
          classifier.classes());
      err.flush();
    }
  }

  Classifier open() throws IOException {
    int[] extents = size();
    ClassifierBuilder builder =
        Classifier.builder()
            .device(device)
            .precision(precision)
            .threads(threads)
            .inputSize(extents[0], extents[1])
            .preprocess(preprocess);
    if (model != null) {
      builder.network(Network.named(model));
    }
    if (weights != null) {
      builder.weights(weights);
    }
    if (classNames != null) {
      builder.classNames(names(classNames));
    }
    return builder.open();
  }

  private static ClassNames names(Path file) {
    try {
      return ClassNames.read(file);
    } catch (IOException e) {
      throw new InputException(e);
    }
  }

  private int[] size() {
    if (!size.matches("\\d{1,5}x\\d{1,5}")) {
      throw new IllegalArgumentException(
          "--size is height x width, as in 224x224, not \"" + size + "\"");
    }
    int x = size.indexOf('x');
    int height = Integer.parseInt(size.substring(0, x));
    int width = Integer.parseInt(size.substring(x + 1));
    if (Math.min(height, width) < SMALLEST || Math.max(height, width) > LARGEST) {
      throw new IllegalArgumentException(
          "--size must be from %dx%d to %dx%d, not %s"
              .formatted(SMALLEST, SMALLEST, LARGEST, LARGEST, size));
    }
    return new int[] {height, width};
  }

  /** How pictures become inputs, as users write it. */
  String preprocessing() {
    return EnumNames.of(preprocess);
  }

  /** Of the forward passes, as users write it. */
  String precision() {
    return EnumNames.of(precision);
  }

  /**
   * The net, or the demo model, as users write it.
   *
   * @param network id of the net that was opened
   */
  String name(String network) {
    return demo() ? "demo" : network;
  }

  /**
   * What a reader of the results needs to load the same model.
   *
   * @param network id of the net that was opened
   */
  Map<String, Object> describe(String network) {
    Map<String, Object> facts = new LinkedHashMap<>();
    facts.put("model", name(network));
    facts.put("weights", weights == null ? "" : weights.toString());
    facts.put("preprocess", EnumNames.of(preprocess));
    facts.put("size", size);
    facts.put("threads", threads);
    return facts;
  }
}
