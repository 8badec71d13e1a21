package io.sscam.engine.noise;

/**
 * One vectorised loop over a chunk, with its arrays bound.
 *
 * <p>The loops are called through this interface, by one call site that sees all of them, so that
 * C2 cannot inline them into their caller: it spends a fixed number of loop optimisation passes on
 * a compilation unit (43 in JDK 17), and with more than a few loops in one unit some of them stay
 * scalar, at random from run to run (up to two times slower in all, measured).
 */
@FunctionalInterface
interface Pass {
  void run();
}
