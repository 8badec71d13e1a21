package io.sscam.engine.graph;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;

/**
 * Places activations in one block of memory so that those that never live at the same time share
 * it: the largest first, each at the lowest offset that is free over its whole life.
 */
public final class StoragePlan {
  private final long alignment;

  /** A piece of the block, alive from step {@code first} to step {@code last}. */
  public static final class Storage {
    private final long bytes;
    private final int first;
    private int last;
    private long offset = -1;

    private Storage(long bytes, int first) {
      this.bytes = bytes;
      this.first = first;
      this.last = first;
    }

    /** Lets it live until a step. */
    public void useAt(int step) {
      last = Math.max(last, step);
    }

    /** Where it lies in the block; only after {@link StoragePlan#place}. */
    public long offset() {
      if (offset < 0) {
        throw new IllegalStateException("storage is not placed yet");
      }
      return offset;
    }

    private boolean livesWith(Storage other) {
      return first <= other.last && other.first <= last;
    }
  }

  private final List<Storage> storages = new ArrayList<>();

  /**
   * A plan without storages.
   *
   * @param alignment what every offset and size is a multiple of, in bytes
   */
  public StoragePlan(long alignment) {
    this.alignment = alignment;
  }

  /** A storage that lives from step {@code step} on. */
  public Storage add(long bytes, int step) {
    long aligned = (bytes + alignment - 1) / alignment * alignment;
    Storage storage = new Storage(aligned, step);
    storages.add(storage);
    return storage;
  }

  /** Gives every storage its offset and returns the size of the block in bytes. */
  public long place() {
    List<Storage> bySize = new ArrayList<>(storages);
    bySize.sort(Comparator.comparingLong((Storage s) -> -s.bytes));
    List<Storage> placed = new ArrayList<>();
    long end = 0;
    for (Storage storage : bySize) {
      storage.offset = lowestFree(storage, placed);
      end = Math.max(end, storage.offset + storage.bytes);
      placed.add(storage);
      placed.sort(Comparator.comparingLong(s -> s.offset));
    }
    return end;
  }

  private static long lowestFree(Storage storage, List<Storage> placedByOffset) {
    long offset = 0;
    for (Storage other : placedByOffset) {
      if (other.livesWith(storage)) {
        if (offset + storage.bytes <= other.offset) {
          break;
        }
        offset = Math.max(offset, other.offset + other.bytes);
      }
    }
    return offset;
  }
}
