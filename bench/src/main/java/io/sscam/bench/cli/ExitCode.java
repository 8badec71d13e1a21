package io.sscam.bench.cli;

import io.sscam.NonFiniteException;
import io.sscam.bench.measure.WrongResultException;
import io.sscam.data.DataSetException;
import io.sscam.engine.backend.BackendUnavailableException;
import io.sscam.engine.backend.OutOfDeviceMemoryException;
import io.sscam.evaluate.ResultLogException;
import io.sscam.image.ImageReadException;
import io.sscam.weights.WeightsException;

/** What the program tells the shell. */
final class ExitCode {
  static final int OK = 0;
  static final int UNEXPECTED = 1;
  static final int WRONG_USE = 2;
  static final int BAD_INPUT = 3;
  static final int DEVICE = 4;

  private ExitCode() {}

  /** Whether it is one of these, and not what a shell makes of a signal. */
  static boolean isOne(int code) {
    return code >= OK && code <= DEVICE;
  }

  static int of(Throwable failure) {
    if (failure instanceof ImageReadException
        || failure instanceof WeightsException
        || failure instanceof InputException
        || failure instanceof DataSetException
        || failure instanceof ResultLogException
        || failure instanceof NonFiniteException) {
      return BAD_INPUT;
    }
    if (failure instanceof BackendUnavailableException
        || failure instanceof OutOfDeviceMemoryException
        || failure instanceof WrongResultException) {
      return DEVICE;
    }
    return failure instanceof IllegalArgumentException || failure instanceof OutputException
        ? WRONG_USE
        : UNEXPECTED;
  }
}
