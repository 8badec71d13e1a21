// out[q, l] = max or mean over i of scores[q, l samples + i], less baseline[q].
// scores (q, live samples), baseline (q), out (q, live). Grid: a thread a channel and class.
// Bytes: 4 q live (samples + 1).
#include "common.cuh"

extern "C" __global__ void reduce_scores(const float* scores, int q, int live, int samples, int mean,
                                         const float* baseline, float* out) {
    i64 total = (i64)q * live;
    for (i64 i = thread_index(); i < total; i += thread_count()) {
        const float* own = scores + i * samples;
        float largest = own[0];
        double sum = own[0];
        for (int s = 1; s < samples; s++) {
            largest = max_or_nan(largest, own[s]);
            sum += own[s];
        }
        out[i] = (mean ? (float)(sum / samples) : largest) - baseline[i / live];
    }
}
EMU_KERNEL(reduce_scores)
