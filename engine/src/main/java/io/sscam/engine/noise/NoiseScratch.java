package io.sscam.engine.noise;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.DoubleBuffer;
import java.nio.FloatBuffer;
import java.nio.LongBuffer;

/**
 * The memory in which a chunk of noise is made, seen as integers, doubles and floats: what one loop
 * writes as integers the next reads as doubles, without a conversion. C2 of JDK 17 vectorises loops
 * over such a view like those over an array, but neither the conversions nor {@link
 * Double#longBitsToDouble}.
 *
 * <p>Slots of {@value #SLOT} elements of 8 bytes. A load whose address equals that of a store
 * shortly before it in the last 12 bits waits for the store (five times slower, measured): slots
 * used in one loop lie at least 1 KiB apart in these bits, or agree in them, so that a load comes
 * before the store that it could wait for.
 */
final class NoiseScratch {
  /**
   * Elements a slot, which are the counters of a chunk: large enough that the scalar heads and
   * tails of the vector loops do not count, small enough for the second cache level; 1 KiB less
   * than a multiple of 4 KiB.
   */
  static final int SLOT = 896;

  /** Four slots for integers of every counter; what they hold is in {@link PhiloxChunk}. */
  static final int A = 0;

  static final int B = SLOT;
  static final int C = 2 * SLOT;
  static final int D = 3 * SLOT;

  /** Two slots for results; 1 KiB further, since four slots are a multiple of 4 KiB. */
  static final int RESULTS = 4 * SLOT + 128;

  /** Three slots for integers of every counter that are the same for all samples. */
  static final int SHARED = RESULTS + 2 * SLOT;

  /** Two slots: the floats that noise is added to. */
  private static final int BASES = SHARED + 3 * SLOT;

  /** Its place among floats. */
  static final int BASE = 2 * BASES;

  /** Two views of the first four slots once the integers are used: A and B, C and D. */
  static final int SUMS = 2 * A;

  static final int NORMALS = 2 * C;

  final LongBuffer longs;
  final DoubleBuffer doubles;
  final FloatBuffer floats;

  NoiseScratch() {
    // Little-endian, as BoxMullerChunk joins two floats in an integer; native on all of oneDNN's.
    ByteBuffer bytes =
        ByteBuffer.allocateDirect((BASES + 2 * SLOT) * Long.BYTES).order(ByteOrder.LITTLE_ENDIAN);
    longs = bytes.asLongBuffer();
    doubles = bytes.asDoubleBuffer();
    floats = bytes.asFloatBuffer();
  }
}
