/** Other engines on the same nets, side by side: built by the profile {@code peers} only. */
@NullMarked
package io.sscam.bench.peers;

import org.jspecify.annotations.NullMarked;
