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
    Map<String, String> originals = new LinkedHashMap<>();
    for (String name : names) {
      originals.put(name, name);
    }
    while (!originals.isEmpty() && originals.keySet().stream().allMatch(KeyNames::hasPrefix)) {
      originals = replaced(originals, PREFIX, "");
    }
    boolean wrapped =
        originals.keySet().stream()
            .filter(name -> name.startsWith(FEATURES))
            .allMatch(name -> name.startsWith(WRAPPED));
    return wrapped ? replaced(originals, WRAPPED, FEATURES) : originals;
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

  private static boolean hasPrefix(String name) {
    return name.startsWith(PREFIX) && name.length() > PREFIX.length();
  }

  /** All names lose the prefix, or all that begin like the prefix do: no two can become one. */
  private static Map<String, String> replaced(
      Map<String, String> originals, String prefix, String by) {
    Map<String, String> replaced = new LinkedHashMap<>();
    originals.forEach(
        (name, original) ->
            replaced.put(
                name.startsWith(prefix) ? by + name.substring(prefix.length()) : name, original));
    return replaced;
  }
}
