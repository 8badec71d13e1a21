package io.sscam.kernels.cuda.net;

import io.sscam.engine.graph.StoragePlan;
import io.sscam.engine.graph.StoragePlan.Storage;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;

/**
 * The memory of a plan under construction. Steps are recorded with the operands that they touch;
 * when all lifetimes are known the block is placed and the steps are bound to addresses.
 */
final class PlanMemory {
  private static final long ALIGNMENT = 256; // what cuMemAlloc gives, and vector loads like

  private final StoragePlan plan = new StoragePlan(ALIGNMENT);
  private final List<Function<Addresses, Step>> pending = new ArrayList<>();

  /** Turns operands into addresses. */
  record Addresses(long block) {
    /** The first stored element of what the operand is a part of. */
    long whole(Operand operand) {
      Storage storage = operand.storage();
      return storage == null ? operand.address() : block + storage.offset();
    }

    /** The operand's own first element. */
    long of(Operand operand) {
      return whole(operand) + operand.offsetBytes();
    }
  }

  /** Storage for a value, from the next step on. */
  Operand allocate(Operand value, int pictures) {
    return value.in(plan.add(value.bytes(pictures), pending.size()));
  }

  /** Records a step; what it reads and writes lives at least until then. */
  void step(List<Operand> operands, Function<Addresses, Step> bind) {
    for (Operand operand : operands) {
      Storage storage = operand.storage();
      if (storage != null) {
        storage.useAt(pending.size());
      }
    }
    pending.add(bind);
  }

  /** Places all storages; the size of the block in bytes. */
  long place() {
    return plan.place();
  }

  List<Step> bind(long block) {
    Addresses addresses = new Addresses(block);
    List<Step> steps = new ArrayList<>();
    for (Function<Addresses, Step> step : pending) {
      steps.add(step.apply(addresses));
    }
    return steps;
  }
}
