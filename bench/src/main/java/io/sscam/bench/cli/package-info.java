/** The command line. */
@NullMarked
package io.sscam.bench.cli;

import org.jspecify.annotations.NullMarked;
