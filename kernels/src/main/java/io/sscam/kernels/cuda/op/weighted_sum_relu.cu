// out[q, p] = relu(sum over l of alpha[q, l] maps[channels[l], p]).
// alpha (q, live), channels (live), maps (K, h, w), out (q, h, w). Grid: x over 32 pixels, y over
// classes; the warps of a block (32) share the channels, whose part sums are added in a fixed order.
// Bytes: 4 live h w a class.
#include "common.cuh"

extern "C" __global__ void __launch_bounds__(1024)
weighted_sum_relu(const float* alpha, const int* channels, const float* maps, int q, int live, int h, int w,
                  float* out) {
    __shared__ float parts[32][32];
    i64 plane = (i64)h * w, pixel = (i64)blockIdx.x * 32 + (threadIdx.x & 31);
    int warp = threadIdx.x >> 5, warps = blockDim.x >> 5;
    for (int c = blockIdx.y; c < q; c += gridDim.y) {
        float sum = 0.0f;
        if (pixel < plane)
            for (int l = warp; l < live; l += warps)
                sum += __ldg(alpha + (i64)c * live + l) * __ldg(maps + __ldg(channels + l) * plane + pixel);
        parts[warp][threadIdx.x & 31] = sum;
        __syncthreads();
        if (warp == 0 && pixel < plane) {
            for (int other = 1; other < warps; other++) sum += parts[other][threadIdx.x & 31];
            out[c * plane + pixel] = relu(sum);
        }
        __syncthreads();
    }
}
EMU_KERNEL(weighted_sum_relu)
