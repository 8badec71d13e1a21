/** The CPU backend: nets on oneDNN, CAM operations in plain Java loops, one worker a core. */
@NullMarked
package io.sscam.engine.cpu;

import org.jspecify.annotations.NullMarked;
