package io.sscam.bench.measure;

import java.util.Locale;

/** What is measured together. */
public enum Group {
  /** What the machine can do: memory bandwidth and matrix products. */
  CEILINGS,
  /** Each operation on class activation maps. */
  KERNELS,
  /** Forward passes of the nets. */
  NETS,
  /** Each layer of the nets; a part of the benchmarks of the nets. */
  LAYERS,
  /** Whole explanations. */
  SSCAM,
  /** All of these. */
  ALL;

  /** Whether {@code group} is measured when this was asked for. */
  boolean includes(Group group) {
    return this == ALL || this == group || (this == NETS && group == LAYERS);
  }

  /** The name on the command line and in files: {@code ceilings}. */
  String id() {
    return name().toLowerCase(Locale.ROOT);
  }
}
