/** The contract that every device fulfils: memory, compiled nets and the CAM operations. */
@NullMarked
package io.sscam.engine.backend;

import org.jspecify.annotations.NullMarked;
