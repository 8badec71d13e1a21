package io.sscam.evaluate.report;

import io.sscam.evaluate.Summary;
import io.sscam.evaluate.Variant;

/** Names of variants on the page. */
final class Names {
  private Names() {}

  /** The label, with {@code N = 10} kept on one line. */
  static String of(Summary summary, Variant variant) {
    return whole(summary.label(variant));
  }

  static String whole(String label) {
    return label.replace(" = ", "\u00A0=\u00A0");
  }
}
