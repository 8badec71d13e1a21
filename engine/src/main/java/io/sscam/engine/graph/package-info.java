/** A net as an immutable list of layer records with inferred shapes. */
@NullMarked
package io.sscam.engine.graph;

import org.jspecify.annotations.NullMarked;
