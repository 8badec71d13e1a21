package io.sscam;

/**
 * How an explainer works.
 *
 * @param method method and its options
 * @param layer label of the target layer in the net's graph
 * @param seed of the noise
 * @param batch masked pictures a chunk; the map does not depend on it
 * @param progress told after every chunk
 */
record ExplainerOptions(
    Method method, String layer, long seed, int batch, ProgressListener progress) {}
