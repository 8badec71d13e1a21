/** The command line and the benchmarks. */
@NullMarked
package io.sscam.bench;

import org.jspecify.annotations.NullMarked;
