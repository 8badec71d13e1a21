/** Nets on oneDNN: the only package that sees its bindings. No type of theirs leaves it. */
@NullMarked
package io.sscam.engine.onednn;

import org.jspecify.annotations.NullMarked;
