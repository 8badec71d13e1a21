package io.sscam.kernels.cuda.net;

import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;
import org.junit.jupiter.params.provider.FieldSource;

/** Runs a test in every precision that nets have on CUDA devices. */
@Target(ElementType.METHOD)
@Retention(RetentionPolicy.RUNTIME)
@FieldSource("io.sscam.kernels.cuda.net.NetBench#PRECISIONS")
@interface CudaPrecisions {}
