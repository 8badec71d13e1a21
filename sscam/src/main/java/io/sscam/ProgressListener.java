package io.sscam;

/**
 * Told how far an explanation is. Called on the explaining thread; it should return soon, and not
 * wait for a thread that may close the explainer, which waits for it: in Swing {@code invokeLater},
 * not {@code invokeAndWait}.
 */
@FunctionalInterface
public interface ProgressListener {

  /**
   * Some more masks are scored.
   *
   * @param done forward passes so far
   * @param total forward passes of this explanation
   */
  void onProgress(long done, long total);
}
