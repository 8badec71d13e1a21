package io.sscam.evaluate;

import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** Names for variants that people can tell apart: the title, with the seed or id where needed. */
final class Labels {
  private Labels() {}

  static Map<String, String> of(List<Variant> variants) {
    Map<String, Integer> titles = count(variants.stream().map(Variant::title).toList());
    Map<String, Integer> seeded = count(variants.stream().map(Labels::seeded).toList());
    Map<String, String> labels = new HashMap<>();
    for (Variant variant : variants) {
      String label = variant.title();
      if (titles.getOrDefault(label, 0) > 1) {
        label = seeded(variant);
        label = seeded.getOrDefault(label, 0) > 1 ? variant.id() : label;
      }
      labels.put(variant.id(), label);
    }
    return labels;
  }

  private static String seeded(Variant variant) {
    return variant.title() + ", seed " + variant.seed();
  }

  private static Map<String, Integer> count(List<String> names) {
    Map<String, Integer> counts = new HashMap<>();
    names.forEach(name -> counts.merge(name, 1, Integer::sum));
    return counts;
  }
}
