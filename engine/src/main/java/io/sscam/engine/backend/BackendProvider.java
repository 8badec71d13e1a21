package io.sscam.engine.backend;

import java.util.List;

/** Opens the backends of one kind of device; found by {@link java.util.ServiceLoader}. */
public interface BackendProvider {

  /** The kind, as in the part of a device's id before the colon: {@code cpu}, {@code cuda}. */
  String kind();

  /**
   * Opens a device.
   *
   * @param id such as {@code cpu} or {@code cuda:0}
   * @param threads host threads to compute with, at least 1
   * @throws BackendUnavailableException with the reason and the mend
   */
  Backend open(String id, int threads);

  /** What there is of this kind, what is missing and what to install: lines for people. */
  List<String> describe();
}
