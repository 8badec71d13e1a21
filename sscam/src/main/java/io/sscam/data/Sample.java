package io.sscam.data;

import io.sscam.nets.RgbImage;
import java.io.IOException;
import java.util.List;

/**
 * A picture of a data set, not decoded yet.
 *
 * @param id unique in the data set
 * @param picture reads it
 * @param labels the data set's classes that the picture shows, without repetition
 * @param boxes its objects; may be empty
 */
public record Sample(
    String id, PictureSource picture, List<String> labels, List<LabelledBox> boxes) {

  /** Reads a picture, from any thread. */
  @FunctionalInterface
  public interface PictureSource {

    /**
     * Decodes it.
     *
     * @throws IOException in one line, if it cannot be read
     */
    RgbImage read() throws IOException;
  }

  /** Makes the lists immutable. */
  public Sample {
    labels = List.copyOf(labels);
    boxes = List.copyOf(boxes);
  }
}
