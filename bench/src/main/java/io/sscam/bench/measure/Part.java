package io.sscam.bench.measure;

import io.sscam.engine.backend.Device;
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
  boolean isIn(Group wanted, Device device) {
    return switch (this) {
      case CEILINGS -> true;
      case FEWER_THREADS ->
          wanted.includes(Group.CEILINGS) && device.id().equals("cpu") && device.threads() > 1;
      case KERNELS -> wanted.includes(Group.KERNELS);
      case NETS -> wanted.includes(Group.NETS) || wanted.includes(Group.LAYERS);
      case SSCAM -> wanted.includes(Group.SSCAM);
    };
  }

  /** Whether it is checked before all rounds; the ceilings check each size when they have it. */
  boolean isChecked() {
    return this != CEILINGS && this != FEWER_THREADS;
  }

  /** In words: {@code fewer threads}. */
  public String title() {
    return name().toLowerCase(Locale.ROOT).replace('_', ' ');
  }
}
