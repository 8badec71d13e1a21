package io.sscam;

/**
 * How an explainer works.
 *
 * @param method method and its options
 * @param layer label of the target layer in the net's graph
 * @param seed of the noise
 * @param batch masked pictures at once; the map does not depend on it
 * @param progress told whenever some are scored
 */
record ExplainerOptions(
    Method method, String layer, long seed, int batch, ProgressListener progress) {}
