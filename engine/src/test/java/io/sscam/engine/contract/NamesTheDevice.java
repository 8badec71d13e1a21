package io.sscam.engine.contract;

import org.junit.jupiter.api.extension.ExtensionContext;
import org.junit.jupiter.api.extension.TestExecutionExceptionHandler;

/** Says on which device a test failed: the reports of nested classes do not. */
final class NamesTheDevice implements TestExecutionExceptionHandler {
  @Override
  public void handleTestExecutionException(ExtensionContext context, Throwable failure) {
    Bench bench = (Bench) context.getRequiredTestInstance();
    String device = bench.backend.device().id();
    throw new AssertionError("on device " + device + ": " + failure.getMessage(), failure);
  }
}
