/** Tests of preprocessing and class names. */
@NullMarked
package io.sscam.nets;

import org.jspecify.annotations.NullMarked;
