package io.sscam.bench.measure;

import java.util.Locale;

/** What one process measures in a round. */
public enum Part {
  /** The ceilings on all threads: whatever else is measured is shown as a share of them. */
  CEILINGS,
  /** The ceilings on fewer threads. */
  FEWER_THREADS,
  /** Each operation on class activation maps. */
  KERNELS,
  /** The nets, their layers, or both: loading a net takes longer than timing it. */
  NETS,
  /** Whole explanations. */
  SSCAM;

  /** Whether it is measured when {@code wanted} was asked for. */
  boolean isIn(Group wanted) {
    return switch (this) {
      case CEILINGS -> true;
      case FEWER_THREADS -> wanted.includes(Group.CEILINGS);
      case KERNELS -> wanted.includes(Group.KERNELS);
      case NETS -> wanted.includes(Group.NETS) || wanted.includes(Group.LAYERS);
      case SSCAM -> wanted.includes(Group.SSCAM);
    };
  }

  /** In words: {@code fewer threads}. */
  public String title() {
    return name().toLowerCase(Locale.ROOT).replace('_', ' ');
  }
}
