// Softmax over every row: rows (q, width) -> out (q, width), which may be rows itself.
// Grid: a block a row. Bytes: 8 q width.
#include "common.cuh"

extern "C" __global__ void softmax(const float* rows, int q, int width, float* out) {
    __shared__ float scratch[32];
    const float* row = rows + (i64)blockIdx.x * width;
    float* target = out + (i64)blockIdx.x * width;
    float largest = NEGATIVE_INFINITY, sum = 0.0f;
    for (int i = threadIdx.x; i < width; i += blockDim.x) largest = max_or_nan(largest, row[i]);
    largest = block_reduce(largest, Max(), scratch);
    for (int i = threadIdx.x; i < width; i += blockDim.x) sum += expf(row[i] - largest);
    sum = block_reduce(sum, Sum(), scratch);
    for (int i = threadIdx.x; i < width; i += blockDim.x) target[i] = expf(row[i] - largest) / sum;
}
EMU_KERNEL(softmax)
