/**
 * What every backend must do, as tests: subclass {@link io.sscam.engine.contract.BackendContract}.
 */
@NullMarked
package io.sscam.engine.contract;

import org.jspecify.annotations.NullMarked;
