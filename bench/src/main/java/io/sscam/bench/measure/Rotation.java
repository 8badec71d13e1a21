package io.sscam.bench.measure;

import io.sscam.engine.backend.Arena;
import io.sscam.engine.backend.Session;
import java.util.ArrayList;
import java.util.List;

/**
 * One operation on several sets of operands in turn, so that none is still in the device's caches
 * when its turn comes again.
 */
final class Rotation implements Runnable, AutoCloseable {
  /** Over twice what the second-level cache of any GPU holds. */
  static final double BEYOND_CACHES = 256e6;

  private static final int MOST = 32;

  private final List<Arena> arenas = new ArrayList<>();
  private final List<KernelCase.Call> calls = new ArrayList<>();
  private int next;

  private Rotation() {}

  /**
   * Allocates operands.
   *
   * @param bytes that all sets together should have; one set at least and 32 at most are made
   */
  static Rotation of(KernelCase operation, MapSize size, Session session, double bytes) {
    Rotation rotation = new Rotation();
    try {
      do {
        Arena arena = session.arena(operation.name());
        rotation.arenas.add(arena);
        rotation.calls.add(operation.setup().on(new Workbench(session, arena), size));
      } while (rotation.calls.size() < Math.min(MOST, bytes / rotation.first().bytes()));
      return rotation;
    } catch (RuntimeException e) {
      rotation.close();
      throw e;
    }
  }

  KernelCase.Call first() {
    return calls.get(0);
  }

  @Override
  public void run() {
    calls.get(next).run().run();
    next = (next + 1) % calls.size();
  }

  @Override
  public void close() {
    arenas.forEach(Arena::close);
  }
}
