package io.sscam.kernels.cuda.driver;

/**
 * What a compiled kernel takes of a multiprocessor.
 *
 * @param registers of a thread
 * @param sharedBytes static shared memory of a block
 * @param localBytes local memory of a thread: spilled registers and arrays with run-time indices
 * @param maxThreads the most that a block of it may have
 * @param occupancy resident threads as a share of those that a multiprocessor can hold
 */
public record KernelResources(
    int registers, int sharedBytes, int localBytes, int maxThreads, double occupancy) {}
