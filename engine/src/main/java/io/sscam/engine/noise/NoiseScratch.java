package io.sscam.engine.noise;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.DoubleBuffer;
import java.nio.FloatBuffer;
import java.nio.IntBuffer;
import java.nio.LongBuffer;
import java.util.List;

/**
 * The memory in which a chunk of noise is made, seen as integers, doubles and floats: what one loop
 * writes as integers the next reads as doubles, without a conversion. C2 of JDK 17 vectorises loops
 * over such a view like those over an array, but neither the conversions nor {@link
 * Double#longBitsToDouble}.
 *
 * <p>Slots of {@value #SLOT} elements of 8 bytes. A load whose address equals that of a store
 * shortly before it in the last 12 bits waits for the store (five times slower, measured): slots
 * used in one loop lie far apart in these bits, most of them 1 KiB, or agree in them, so that a
 * load comes before the store that it could wait for.
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

  /**
   * What else a {@link PhiloxChunk} needs: four slots for {@code long}s that are the same for all
   * samples, or eight of {@value #INT_SLOT} elements for {@code int}s.
   */
  static final int SHARED = RESULTS + 2 * SLOT;

  /** Ints a slot: 4 KiB, of which as many are used as a chunk has counters. */
  static final int INT_SLOT = 1024;

  /** Two slots: the floats that noise is added to; a multiple of 4 KiB from the sums. */
  private static final int BASES = SHARED + 4 * INT_SLOT + 128;

  /** Its place among floats. */
  static final int BASE = 2 * BASES;

  /** Two views of the first four slots once the integers are used: A and B, C and D. */
  static final int SUMS = 2 * A;

  static final int NORMALS = 2 * C;

  final LongBuffer longs;
  final IntBuffer ints;
  final DoubleBuffer doubles;
  final FloatBuffer floats;

  static {
    loadOtherBuffers();
  }

  NoiseScratch() {
    // Little-endian, as BoxMullerChunk joins two floats in an integer; native on all of oneDNN's.
    ByteBuffer bytes =
        ByteBuffer.allocateDirect((BASES + 2 * SLOT) * Long.BYTES).order(ByteOrder.LITTLE_ENDIAN);
    longs = bytes.asLongBuffer();
    ints = bytes.asIntBuffer();
    doubles = bytes.asDoubleBuffer();
    floats = bytes.asFloatBuffer();
  }

  /**
   * Loads the other classes of such buffers before C2 sees a loop over one. What HotSpot takes for
   * granted while there is one class alone, it has to take back when another is loaded later, by
   * any code: C2 then compiles the loops again, without a profile of the buffers that they met, to
   * a call for each element.
   */
  private static void loadOtherBuffers() {
    for (ByteOrder order : List.of(ByteOrder.LITTLE_ENDIAN, ByteOrder.BIG_ENDIAN)) {
      ByteBuffer bytes = ByteBuffer.allocateDirect(Long.BYTES).order(order);
      bytes.asIntBuffer().asReadOnlyBuffer();
      bytes.asLongBuffer().asReadOnlyBuffer();
      bytes.asDoubleBuffer().asReadOnlyBuffer();
      bytes.asFloatBuffer().asReadOnlyBuffer();
    }
  }
}
