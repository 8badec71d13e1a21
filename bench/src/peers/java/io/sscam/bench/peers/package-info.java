/** The forward pass beside another engine's: built by the profile {@code peers} only. */
@NullMarked
package io.sscam.bench.peers;

import org.jspecify.annotations.NullMarked;
