/** Checks a device against the reference on the user's own machine. */
@NullMarked
package io.sscam.bench.selftest;

import org.jspecify.annotations.NullMarked;
