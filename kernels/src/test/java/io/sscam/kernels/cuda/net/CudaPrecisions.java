package io.sscam.kernels.cuda.net;

import io.sscam.engine.backend.Precision;
import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;
import org.junit.jupiter.params.provider.EnumSource;

/** Runs a test in every precision that nets have on CUDA devices. */
@Target(ElementType.METHOD)
@Retention(RetentionPolicy.RUNTIME)
@EnumSource(
    value = Precision.class,
    names = {"FP32", "TF32", "FP16"})
@interface CudaPrecisions {}
