package io.sscam.evaluate;

import io.sscam.ProgressListener;
import io.sscam.data.Problem;
import io.sscam.data.Sample;
import io.sscam.data.SampleStream;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** Takes pictures through an {@link Evaluator} into a {@link ResultLog}, from where it stands. */
public final class Evaluation {
  private final Evaluator evaluator;
  private final ResultLog log;
  private final ProgressListener progress;

  /**
   * An evaluation.
   *
   * @param progress told after every picture
   */
  public Evaluation(Evaluator evaluator, ResultLog log, ProgressListener progress) {
    this.evaluator = evaluator;
    this.log = log;
    this.progress = progress;
  }

  /**
   * Explains all pictures of a shard that the log does not hold yet. Pictures are decoded while
   * others are explained.
   *
   * @param all the samples of the whole run, whose order gives each its seed
   * @param shard those of this part
   * @param problems what this part is to report as skipped
   * @throws ResultLogException if the log cannot be written; it keeps what was done
   */
  public void run(List<Sample> all, List<Sample> shard, List<Problem> problems)
      throws ResultLogException {
    Map<String, Integer> numbers = new HashMap<>();
    all.forEach(sample -> numbers.put(sample.id(), numbers.size()));
    long total = (long) shard.size() + problems.size();
    for (Problem problem : problems) {
      if (!log.contains(problem.id())) {
        log.append(new Skipped(problem.id(), problem.reason()));
      }
    }
    List<Sample> left = shard.stream().filter(sample -> !log.contains(sample.id())).toList();
    try (SampleStream stream = new SampleStream(left)) {
      while (stream.hasNext()) {
        SampleStream.Decoded decoded = stream.next();
        take(decoded, numbers.getOrDefault(decoded.sample().id(), 0));
        progress.onProgress(log.pictures(), total);
      }
    }
  }

  private void take(SampleStream.Decoded decoded, int number) throws ResultLogException {
    if (decoded instanceof SampleStream.Picture picture) {
      try {
        log.append(evaluator.evaluate(picture.sample(), picture.image(), number));
      } catch (Unusable e) {
        log.append(new Skipped(picture.sample().id(), String.valueOf(e.getMessage())));
      }
    } else if (decoded instanceof SampleStream.Unreadable unreadable) {
      log.append(new Skipped(unreadable.sample().id(), unreadable.reason()));
    }
  }
}
