/** Tests of data sets. */
@NullMarked
package io.sscam.data;

import org.jspecify.annotations.NullMarked;
