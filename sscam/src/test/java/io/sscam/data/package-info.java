/** Tests of reading data sets: small folders that the tests make, and bytes of ill will. */
@NullMarked
package io.sscam.data;

import org.jspecify.annotations.NullMarked;
