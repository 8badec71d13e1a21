package io.sscam.engine.cpu;

import io.sscam.engine.backend.Backend;
import io.sscam.engine.contract.BackendContract;

/** The CPU backend keeps the contract. */
class CpuBackendTest extends BackendContract {
  @Override
  protected Backend open(int threads) {
    return new CpuBackend(threads);
  }
}
