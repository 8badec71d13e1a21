package io.sscam.bench.measure;

import java.util.HashMap;
import java.util.Map;

/**
 * Sizes that a round found, so that those after it measure the same.
 *
 * @param products rows of the matrices, by what is multiplied
 * @param batches the largest batch of a net that was neither too slow nor too large
 */
record Sizes(Map<String, Integer> products, Map<String, Integer> batches) {
  static Sizes none() {
    return new Sizes(new HashMap<>(), new HashMap<>());
  }
}
