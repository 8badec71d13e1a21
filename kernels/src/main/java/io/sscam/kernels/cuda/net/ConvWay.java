package io.sscam.kernels.cuda.net;

import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * One way to run a convolution.
 *
 * @param algorithm cuDNN's number
 * @param fused bias, residual and ReLU in cuDNN's call, else by our own kernel after it
 * @param direct straight into a concat's slice (or the output is no slice), else by way of scratch
 */
record ConvWay(int algorithm, boolean fused, boolean direct) {
  private static final Pattern TEXT = Pattern.compile("([0-7]) (fused|plain) (direct|scratch)");

  /** Reads what {@link #toString} wrote. */
  static Optional<ConvWay> parse(String text) {
    Matcher m = TEXT.matcher(text);
    return m.matches()
        ? Optional.of(
            new ConvWay(
                Integer.parseInt(m.group(1)),
                m.group(2).equals("fused"),
                m.group(3).equals("direct")))
        : Optional.empty();
  }

  @Override
  public String toString() {
    return algorithm + (fused ? " fused" : " plain") + (direct ? " direct" : " scratch");
  }
}
