/** Tests of the command line. */
package io.sscam.bench.cli;
