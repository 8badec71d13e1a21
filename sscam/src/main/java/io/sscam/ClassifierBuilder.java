package io.sscam;

import io.sscam.engine.HostTensor;
import io.sscam.engine.Shape;
import io.sscam.engine.TensorSource;
import io.sscam.engine.backend.Backend;
import io.sscam.engine.backend.Backends;
import io.sscam.engine.backend.Closing;
import io.sscam.engine.backend.Precision;
import io.sscam.engine.graph.Graph;
import io.sscam.nets.ClassNames;
import io.sscam.nets.Network;
import io.sscam.nets.Preprocess;
import io.sscam.weights.Architecture;
import io.sscam.weights.DemoWeights;
import io.sscam.weights.TensorChecks;
import io.sscam.weights.WeightFile;
import io.sscam.weights.WeightFiles;
import io.sscam.weights.WeightStore;
import io.sscam.weights.WeightsException;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * Chooses net, weights and device of a {@link Classifier}; with neither net nor weights, the demo
 * model on the CPU.
 */
public final class ClassifierBuilder {
  private static final int IMAGENET_CLASSES = 1000;
  private static final Network DEMO = Network.named("squeezenet1_0");

  private @Nullable Network network;
  private @Nullable Path weights;
  private @Nullable ClassNames classNames;
  private @Nullable Backend backend;
  private String device = "auto";
  private Precision precision = Precision.FP32;
  private int threads = Runtime.getRuntime().availableProcessors();
  private int height = 224;
  private int width = 224;
  private Preprocess.Mode mode = Preprocess.Mode.IMAGENET;

  ClassifierBuilder() {}

  /**
   * The net, {@code resnet18}, {@code vgg16} or {@code squeezenet1_0}. Without {@link #weights} its
   * ImageNet weights are taken from the download cache.
   */
  public ClassifierBuilder network(Network network) {
    this.network = network;
    return this;
  }

  /** The net by its id, as {@link Network#named}. */
  public ClassifierBuilder network(String id) {
    return network(Network.named(id));
  }

  /**
   * A safetensors file or PyTorch checkpoint of the net, with any number of classes. Where no net
   * is chosen it is the one whose parameters have the names in the file.
   */
  public ClassifierBuilder weights(Path weights) {
    this.weights = weights;
    return this;
  }

  /** Names of the classes; ImageNet's for a net of 1000 classes, numbers for others. */
  public ClassifierBuilder classNames(ClassNames classNames) {
    this.classNames = classNames;
    return this;
  }

  /** {@code cpu}, {@code cuda:0} …; {@code auto} if not given. */
  public ClassifierBuilder device(String device) {
    this.device = device;
    return this;
  }

  /**
   * The arithmetic of the forward passes; float32 if not given. TF32 and FP16 are there on CUDA
   * devices, BF16 on CPUs with AMX or AVX512-BF16; opening a classifier refuses another.
   */
  public ClassifierBuilder precision(Precision precision) {
    this.precision = precision;
    return this;
  }

  /**
   * CPU threads of this classifier, which all its explainers share; all cores if not given. One
   * explainer uses them all, so more of them take turns and are not faster together.
   */
  public ClassifierBuilder threads(int threads) {
    this.threads = threads;
    return this;
  }

  /** A backend that is open already and shared; it stays open when the classifier is closed. */
  public ClassifierBuilder backend(Backend backend) {
    this.backend = backend;
    return this;
  }

  /** The size at which the net sees pictures, at least 32×32; 224×224 if not given. */
  public ClassifierBuilder inputSize(int height, int width) {
    this.height = height;
    this.width = width;
    return this;
  }

  /** How pictures are brought to that size; ImageNet's centre crop if not given. */
  public ClassifierBuilder preprocess(Preprocess.Mode mode) {
    this.mode = mode;
    return this;
  }

  /**
   * Opens the device and loads the weights. On the CPU their values are read when a net is first
   * made of them, by {@link Classifier#classify}, an explainer or a scorer: these too refuse values
   * that are NaN, infinite or of a type that cannot be read.
   *
   * @throws WeightsException for a file that is unreadable or does not fit
   * @throws io.sscam.engine.backend.BackendUnavailableException for a device that cannot be used
   */
  public Classifier open() throws IOException {
    boolean demo = network == null && weights == null;
    WeightFile file = demo ? DemoWeights.open() : WeightFiles.open(weightsFile());
    Backend device = null;
    Backend.Model model = null;
    try {
      Network net = demo ? DEMO : network == null ? like(file) : network;
      int classes = net.classes(file);
      new Architecture(net.id(), net.parameters(classes), Set.of(net.headWeight(), net.headBias()))
          .requireFit(file);
      ClassNames names = names(demo, classes);
      Graph graph = net.graph(height, width, classes);
      TensorSource checked = new Finite(file);
      device = backend == null ? Backends.open(this.device, threads) : backend;
      model = device.load(graph, checked, precision);
      return new Classifier(device, backend == null, net, graph, checked, file, model, names, mode);
    } catch (RuntimeException | IOException | Error e) { // memory may be short
      List<Runnable> closes = new ArrayList<>();
      if (model != null) {
        closes.add(model::close);
      }
      closes.add(file::close);
      if (device != null && backend == null) {
        closes.add(device::close);
      }
      try {
        Closing.all(closes);
      } catch (RuntimeException failed) {
        e.addSuppressed(failed);
      }
      throw e;
    }
  }

  /**
   * The net that lacks the fewest of its parameters in a file.
   *
   * @throws WeightsException if the file has none of any net's
   */
  private static Network like(WeightFile file) {
    Network nearest =
        Network.all().stream()
            .min(Comparator.comparingInt(net -> missing(net, file).size()))
            .orElseThrow();
    if (missing(nearest, file).size() == nearest.parameters(1).size()) {
      String nets = Network.all().stream().map(Network::id).collect(Collectors.joining(", "));
      throw new WeightsException(
          file.file(),
          "has no parameter of any of the nets " + nets,
          "use a file with torchvision's names");
    }
    return nearest;
  }

  private static Set<String> missing(Network net, WeightFile file) {
    Set<String> names = new HashSet<>(net.parameters(1).keySet());
    names.removeAll(file.names());
    return names;
  }

  private Path weightsFile() {
    if (weights != null) {
      return weights;
    }
    Network net = Objects.requireNonNull(network, "the demo model has weights of its own");
    return WeightStore.standard()
        .find(net.id())
        .orElseThrow(
            () ->
                new IllegalArgumentException(
                    "there are no weights of %s yet: fetch them once with \"weights pull %s\", or"
                            .formatted(net.id(), net.id())
                        + " name a file (--weights FILE; in a program ClassifierBuilder.weights)"));
  }

  private ClassNames names(boolean demo, int classes) throws IOException {
    if (classNames != null) {
      if (classNames.size() != classes) {
        throw new IllegalArgumentException(
            "the list of class names has "
                + classNames.size()
                + " lines, but the net has "
                + classes
                + " classes");
      }
      return classNames;
    }
    if (demo) {
      return ClassNames.of(DemoWeights.classNames());
    }
    return classes == IMAGENET_CLASSES ? ClassNames.imagenet() : ClassNames.numbered(classes);
  }

  /** Refuses weights that hold NaN or infinity, when they are read. */
  private record Finite(WeightFile file) implements TensorSource {
    @Override
    public Set<String> names() {
      return file.names();
    }

    @Override
    public Shape shape(String name) {
      return file.shape(name);
    }

    @Override
    public HostTensor read(String name) {
      return TensorChecks.requireFinite(name, file.read(name), file.file());
    }
  }
}
