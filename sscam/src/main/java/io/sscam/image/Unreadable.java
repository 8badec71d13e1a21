package io.sscam.image;

/** Inside the readers: why a picture cannot be read and what to do; the file's name comes later. */
final class Unreadable extends Exception {
  private static final long serialVersionUID = 1;

  /** What helps against a file that ends too early. */
  static final String FETCH_AGAIN = "copy or download it again";

  /** What helps against a file of a rare kind. */
  static final String CONVERT = "convert it to an 8-bit RGB PNG or JPEG";

  final String why;
  final String mend;

  Unreadable(String why, String mend) {
    super(why);
    this.why = why;
    this.mend = mend;
  }

  static Unreadable cutOff(String format) {
    return new Unreadable("the " + format + " data is cut off or damaged", FETCH_AGAIN);
  }
}
