/** JMH benchmarks of what runs on the JVM; see docs/performance.md. */
@NullMarked
package io.sscam.bench.jmh;

import org.jspecify.annotations.NullMarked;
