package io.sscam.kernels.cuda.net;

import java.util.Map;

/**
 * Where a net's outside values lie, the same for all its plans.
 *
 * @param input the pictures in the net's layout, their channels padded to {@code inputChannels}
 * @param logits float32 (batch, classes)
 * @param kept float32 N C H W, by the value's number
 */
record NetPlaces(long input, int inputChannels, long logits, Map<Integer, Long> kept) {}
