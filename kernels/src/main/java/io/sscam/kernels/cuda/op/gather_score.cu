// scores[q, first + row] = logits[row, classes[q]], or its softmax over the row.
// logits (count, width), classes (q), scores (q, pairs). Grid: a block a row. Bytes: 4 count width
// for a probability, 4 count q for a logit.
#include "common.cuh"

extern "C" __global__ void gather_score(const float* logits, int count, int width, const int* classes, int q,
                                        int probability, i64 first, i64 pairs, float* scores) {
    __shared__ float scratch[32];
    const float* row = logits + (i64)blockIdx.x * width;
    float largest = 0.0f, sum = 1.0f;
    if (probability) {
        largest = NEGATIVE_INFINITY;
        for (int i = threadIdx.x; i < width; i += blockDim.x) largest = max_or_nan(largest, row[i]);
        largest = block_reduce(largest, Max(), scratch);
        sum = 0.0f;
        for (int i = threadIdx.x; i < width; i += blockDim.x) sum += expf(row[i] - largest);
        sum = block_reduce(sum, Sum(), scratch);
    }
    for (int j = threadIdx.x; j < q; j += blockDim.x) {
        float logit = row[classes[j]];
        scores[j * pairs + first + blockIdx.x] = probability ? expf(logit - largest) / sum : logit;
    }
}
EMU_KERNEL(gather_score)
