/** Files that every part of the project writes: where, and never in halves. */
@NullMarked
package io.sscam.engine.file;

import org.jspecify.annotations.NullMarked;
