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
 * @param defaultMath by cuDNN's default arithmetic and not the precision's: in float16 that leaves
 *     the tensor cores out, for what does not suit them
 */
record ConvWay(int algorithm, boolean fused, boolean direct, boolean defaultMath) {
  private static final Pattern TEXT =
      Pattern.compile("([0-7]) (fused|plain) (direct|scratch)( default)?");

  ConvWay(int algorithm, boolean fused, boolean direct) {
    this(algorithm, fused, direct, false);
  }

  /** The same by cuDNN's default arithmetic. */
  ConvWay withDefaultMath() {
    return new ConvWay(algorithm, fused, direct, true);
  }

  /** Reads what {@link #toString} wrote. */
  static Optional<ConvWay> parse(String text) {
    Matcher m = TEXT.matcher(text);
    return m.matches()
        ? Optional.of(
            new ConvWay(
                Integer.parseInt(m.group(1)),
                m.group(2).equals("fused"),
                m.group(3).equals("direct"),
                m.group(4) != null))
        : Optional.empty();
  }

  @Override
  public String toString() {
    return algorithm
        + (fused ? " fused" : " plain")
        + (direct ? " direct" : " scratch")
        + (defaultMath ? " default" : "");
  }
}
