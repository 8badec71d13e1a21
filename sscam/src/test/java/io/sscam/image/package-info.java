/** Tests of reading and drawing pictures. */
@NullMarked
package io.sscam.image;

import org.jspecify.annotations.NullMarked;
