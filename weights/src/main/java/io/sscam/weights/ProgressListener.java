package io.sscam.weights;

/** Hears how a download goes on. Called on the thread that pulls, often: it must be quick. */
@FunctionalInterface
public interface ProgressListener {

  /** What is being done. */
  enum Stage {
    /** Another process or thread is fetching the same file. */
    WAITING,
    DOWNLOADING,
    /** The digest is computed. */
    CHECKING,
    CONVERTING
  }

  /** Hears nothing. */
  ProgressListener NONE = (stage, done, total) -> {};

  /**
   * Called at the start of each stage and while it goes on.
   *
   * @param done bytes so far
   * @param total bytes in all, or -1 where that is not known
   */
  void progress(Stage stage, long done, long total);
}
