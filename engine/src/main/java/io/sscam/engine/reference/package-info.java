/**
 * The oracle: every operation of the backend contract in plain loops with double accumulators,
 * written from the formulas and sharing no code with the other backends.
 */
@NullMarked
package io.sscam.engine.reference;

import org.jspecify.annotations.NullMarked;
