package io.sscam.weights;

import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.regex.Pattern;

/**
 * Brings parameter names to the form torchvision gives them today. Two things are undone, both left
 * by {@code torch.nn.DataParallel}:
 *
 * <ul>
 *   <li>a leading {@code module.} when every name has it;
 *   <li>{@code features.module.N} when all features have it: the ImageNet example of PyTorch
 *       wrapped only the features of a VGG.
 * </ul>
 */
public final class KeyNames {
  private static final String PREFIX = "module.";
  private static final String FEATURES = "features.";
  private static final String WRAPPED = FEATURES + PREFIX;
  private static final Pattern COUNTER = Pattern.compile("(.*\\.)?num_batches_tracked");

  private KeyNames() {}

  /** From each name's present form to the form it was given in, in the same order. */
  public static Map<String, String> canonical(Collection<String> names) {
    int prefixes = names.stream().mapToInt(KeyNames::prefixes).min().orElse(0);
    Map<String, String> originals = new LinkedHashMap<>();
    for (String name : names) {
      originals.put(name.substring(prefixes * PREFIX.length()), name);
    }
    boolean wrapped =
        originals.keySet().stream()
            .filter(name -> name.startsWith(FEATURES))
            .allMatch(name -> name.startsWith(WRAPPED));
    return wrapped ? unwrapped(originals) : originals;
  }

  /**
   * True for the step counters that batch norms of PyTorch 0.4.1 and later keep beside their
   * statistics; no computation needs them.
   */
  public static boolean isStepCounter(String name) {
    return COUNTER.matcher(name).matches();
  }

  /** True for a batch norm's statistics, which are stored but not trained. */
  static boolean isStatistic(String name) {
    return name.endsWith("running_mean") || name.endsWith("running_var");
  }

  /** How often a name begins with the prefix and goes on behind it; all names lose as many. */
  private static int prefixes(String name) {
    int count = 0;
    while (name.startsWith(PREFIX, count * PREFIX.length())
        && name.length() > (count + 1) * PREFIX.length()) {
      count++;
    }
    return count;
  }

  /** All names of features lose the same part: no two can become one. */
  private static Map<String, String> unwrapped(Map<String, String> originals) {
    Map<String, String> unwrapped = new LinkedHashMap<>();
    originals.forEach(
        (name, original) ->
            unwrapped.put(
                name.startsWith(WRAPPED) ? FEATURES + name.substring(WRAPPED.length()) : name,
                original));
    return unwrapped;
  }
}
