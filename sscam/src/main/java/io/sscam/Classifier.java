package io.sscam;

import io.sscam.engine.Shape;
import io.sscam.engine.TensorSource;
import io.sscam.engine.backend.Backend;
import io.sscam.engine.backend.Closing;
import io.sscam.engine.graph.Graph;
import io.sscam.metrics.RandomisedWeights;
import io.sscam.nets.ClassNames;
import io.sscam.nets.Network;
import io.sscam.nets.Preprocess;
import io.sscam.nets.RgbImage;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.Comparator;
import java.util.HexFormat;
import java.util.List;
import java.util.Objects;
import java.util.stream.IntStream;

/**
 * A net with its weights on a device, its class names and its preprocessing. Loaded once, it may be
 * shared by any number of threads: {@link #classify} may be called from all of them, and each opens
 * {@link Explainer}s of its own. Closing it closes them.
 */
public final class Classifier implements AutoCloseable {
  private final Backend backend;
  private final boolean ownsBackend;
  private final Network network;
  private final Graph graph;
  private final TensorSource weights;
  private final AutoCloseable weightFile;
  private final Backend.Model model;
  private final ClassNames classNames;
  private final Preprocess.Mode mode;
  private final Parts parts = new Parts();
  private final Gate gate = new Gate("classifier");
  private Runnable forget = () -> {};

  Classifier(
      Backend backend,
      boolean ownsBackend,
      Network network,
      Graph graph,
      TensorSource weights,
      AutoCloseable weightFile,
      Backend.Model model,
      ClassNames classNames,
      Preprocess.Mode mode) {
    this.backend = backend;
    this.ownsBackend = ownsBackend;
    this.network = network;
    this.graph = graph;
    this.weights = weights;
    this.weightFile = weightFile;
    this.model = model;
    this.classNames = classNames;
    this.mode = mode;
  }

  /** Begins the choice of net, weights and device. */
  public static ClassifierBuilder builder() {
    return new ClassifierBuilder();
  }

  /**
   * The model in the box: SqueezeNet 1.0 for some twenty kinds of emoji, on the CPU. It needs no
   * download and is meant for first steps and tests.
   */
  public static Classifier demo() throws IOException {
    return builder().open();
  }

  /**
   * The {@code count} most probable classes, the most probable first. For many pictures open a
   * {@link #scorer}, which keeps the net that this compiles anew each time.
   *
   * @throws NonFiniteException if the net's values are not finite
   */
  public List<Prediction> classify(RgbImage image, int count) {
    try (Scorer scorer = scorer(1)) {
      return scorer.classify(image, count);
    }
  }

  /** The most probable classes of a row of logits. */
  List<Prediction> predictions(float[] logits, int count) {
    NonFiniteException.check("the logits", logits);
    return Arrays.stream(ranking(logits))
        .limit(count)
        .mapToObj(c -> new Prediction(c, className(c), logits[c], Softmax.probability(logits, c)))
        .toList();
  }

  /**
   * Opens a net that scores pictures as they are; close it when done.
   *
   * @param batch the most inputs at once
   */
  public Scorer scorer(int batch) {
    return parts.open(() -> new Scorer(this, batch), Scorer::part);
  }

  /** The convolutions and fully connected layers, by name, in the order of the net. */
  public List<String> weightedLayers() {
    List<String> layers = new ArrayList<>(RandomisedWeights.fromTheTop(graph));
    Collections.reverse(layers);
    return List.copyOf(layers);
  }

  /**
   * The same net with the weights of its last layers replaced by chance (Adebayo et al., arXiv
   * 1810.03292): a map that stays as it was does not depend on what the net has learned. It shares
   * this classifier's device and file, and ends with it at the latest.
   *
   * @param layers how many of {@link #weightedLayers()}, from the end
   * @param seed of the chance
   */
  public Classifier randomised(int layers, long seed) {
    TensorSource random = new RandomisedWeights(weights, graph, layers, seed);
    return parts.open(
        () ->
            new Classifier(
                backend,
                false,
                network,
                graph,
                random,
                () -> {},
                backend.load(graph, random, model.precision()),
                classNames,
                mode),
        child -> {
          Parts.Part part = child.new Randomised();
          child.forget = () -> parts.remove(part);
          return part;
        });
  }

  /** A classifier that ends with the one that it was made of. */
  private final class Randomised implements Parts.Part {
    @Override
    public boolean holdsThisThread() {
      return parts.holdThisThread();
    }

    @Override
    public void shut() {
      parts.shut();
    }

    @Override
    public void close() {
      Classifier.this.close();
    }
  }

  /** What is open of this classifier. */
  Parts parts() {
    return parts;
  }

  /**
   * SHA-256 of all parameters as float32, little endian, in PyTorch's order: the same for the same
   * weights in any kind of file. Reads them all.
   */
  public String weightsDigest() {
    MessageDigest digest = sha256();
    for (String name : network.parameters(classes()).keySet()) {
      float[] values = weights.read(name).data();
      ByteBuffer bytes =
          ByteBuffer.allocate(values.length * Float.BYTES).order(ByteOrder.LITTLE_ENDIAN);
      bytes.asFloatBuffer().put(values);
      digest.update(bytes);
    }
    return HexFormat.of().formatHex(digest.digest());
  }

  private static MessageDigest sha256() {
    try {
      return MessageDigest.getInstance("SHA-256");
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every Java platform has SHA-256", e);
    }
  }

  /** Begins an explainer; its defaults are SS-CAM and the net's usual layer. */
  public ExplainerBuilder explainer() {
    return new ExplainerBuilder(this);
  }

  /** An explainer for a method with all else at its default. */
  public Explainer explainer(Method method) {
    return explainer().method(method).open();
  }

  public Network network() {
    return network;
  }

  /** The number of classes. */
  public int classes() {
    return graph.logits().dim(0);
  }

  public String className(int index) {
    return classNames.name(index);
  }

  public ClassNames classNames() {
    return classNames;
  }

  public Backend backend() {
    return backend;
  }

  /** The layers that may be explained, in the order of the net. */
  public List<String> layers() {
    return graph.labels().keySet().stream()
        .filter(label -> graph.shape(label).rank() == 3)
        .toList();
  }

  /** The shape of the input, C H W. */
  public Shape inputShape() {
    return graph.input();
  }

  /** A picture as the net sees it. */
  public Preprocess.Result preprocess(RgbImage image) {
    Objects.requireNonNull(image, "image");
    return Preprocess.apply(image, mode, inputShape().dim(1), inputShape().dim(2));
  }

  Backend.Model model() {
    return model;
  }

  Graph graph() {
    return graph;
  }

  /**
   * The class that a target means for these logits.
   *
   * @throws IllegalArgumentException if there is no such class
   */
  public int resolve(Target target, float[] logits) {
    if (target instanceof Target.Ranked ranked) {
      if (ranked.rank() < 1 || ranked.rank() > classes()) {
        throw new IllegalArgumentException(
            "there is no class of rank " + ranked.rank() + ": the net has " + classes());
      }
      return ranking(logits)[ranked.rank() - 1];
    }
    if (target instanceof Target.Index index) {
      if (index.index() < 0 || index.index() >= classes()) {
        throw new IllegalArgumentException(
            "there is no class "
                + index.index()
                + ": the net's classes are 0 to "
                + (classes() - 1));
      }
      return index.index();
    }
    return classNames.find(((Target.Named) target).name());
  }

  private static int[] ranking(float[] logits) {
    return IntStream.range(0, logits.length)
        .boxed()
        .sorted(Comparator.comparingDouble((Integer c) -> -logits[c]).thenComparing(c -> c))
        .mapToInt(Integer::intValue)
        .toArray();
  }

  /** Whether a layer is what the one global average and fully connected layer read. */
  boolean endsInAverage(String layer) {
    return network.gapHead() && layer.equals(network.defaultLayer());
  }

  /**
   * The head's weights of one class, one a channel of the last layer.
   *
   * @throws IllegalArgumentException if the net has no such head, or the layer is not its input
   */
  float[] headRow(int classIndex, int channels, String layer) {
    if (!endsInAverage(layer)) {
      throw new IllegalArgumentException(
          "CAM needs the last layer of a net that ends in a global average pool"
              + " and one fully connected layer; "
              + network.id()
              + " at "
              + layer
              + " is not: use "
              + (network.gapHead() ? "layer " + network.defaultLayer() + ", " : "")
              + "score-cam or ss-cam");
    }
    float[] all = weights.read(network.headWeight()).data();
    return Arrays.copyOfRange(all, classIndex * channels, (classIndex + 1) * channels);
  }

  /**
   * Frees the weights and, if this classifier opened it, the device. What is still open of it is
   * closed first: explanations that are running are stopped and waited for. Closing again does
   * nothing, or waits for another thread that is closing.
   *
   * @throws IllegalStateException if called by the progress listener of one of its explainers; then
   *     nothing is closed
   */
  @Override
  public void close() {
    if (parts.holdThisThread()) {
      throw new IllegalStateException(
          "the classifier cannot be closed by a thread on which an explainer of it is at work:"
              + " cancel that");
    }
    gate.close(
        () ->
            Closing.all(
                List.of(
                    parts::closeAll,
                    model::close,
                    this::closeFile,
                    ownsBackend ? backend::close : () -> {},
                    forget)));
  }

  private void closeFile() {
    try {
      weightFile.close();
    } catch (Exception e) { // a file opened for reading has nothing to lose
      throw new IllegalStateException("the weight file cannot be closed", e);
    }
  }
}
