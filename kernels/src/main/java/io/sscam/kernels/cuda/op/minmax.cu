// Minimum and maximum of every map -> range (K, 2); a NaN in a map gives NaN.
//   minmax:           of maps (K, elements)
//   upsampled_minmax: of U(A_k) over H x W, which is not written
//   masked_minmax:    of ((U(A_k) - shift_k) scale_k) X over C x H x W, which is not written;
//                     affine (K, 3) holds shift, scale and a third value not used here
// Grid: a block a map. Bytes: the inputs once; the results are 8 bytes a map.
#include "common.cuh"

__device__ void write_range(float low, float high, float* range) {
    __shared__ float scratch[32];
    low = block_reduce(low, Min(), scratch);
    high = block_reduce(high, Max(), scratch);
    if (threadIdx.x == 0) {
        range[0] = low;
        range[1] = high;
    }
}

extern "C" __global__ void minmax(const float* maps, int k, i64 elements, float* range) {
    const float* map = maps + blockIdx.x * elements;
    float low = POSITIVE_INFINITY, high = NEGATIVE_INFINITY;
    for (i64 i = threadIdx.x; i < elements; i += blockDim.x) {
        low = min_or_nan(low, map[i]);
        high = max_or_nan(high, map[i]);
    }
    write_range(low, high, range + 2ll * blockIdx.x);
}
EMU_KERNEL(minmax)

extern "C" __global__ void upsampled_minmax(const float* maps, int k, int h, int w, int H, int W, float* range) {
    const float* map = maps + (i64)blockIdx.x * h * w;
    float down = (float)h / H, right = (float)w / W;
    float low = POSITIVE_INFINITY, high = NEGATIVE_INFINITY;
    for (int y = 0; y < H; y++) {
        Axis row = axis(y, down, h);
        for (int x = threadIdx.x; x < W; x += blockDim.x) {
            float v = bilinear(map, w, row, axis(x, right, w));
            low = min_or_nan(low, v);
            high = max_or_nan(high, v);
        }
    }
    write_range(low, high, range + 2ll * blockIdx.x);
}
EMU_KERNEL(upsampled_minmax)

extern "C" __global__ void masked_minmax(const float* maps, const float* affine, const float* image, int k,
                                         int h, int w, int C, int H, int W, float* range) {
    const float* map = maps + (i64)blockIdx.x * h * w;
    float shift = affine[3ll * blockIdx.x], scale = affine[3ll * blockIdx.x + 1];
    float down = (float)h / H, right = (float)w / W;
    i64 plane = (i64)H * W;
    float low = POSITIVE_INFINITY, high = NEGATIVE_INFINITY;
    for (int y = 0; y < H; y++) {
        Axis row = axis(y, down, h);
        for (int x = threadIdx.x; x < W; x += blockDim.x) {
            float mask = (bilinear(map, w, row, axis(x, right, w)) - shift) * scale;
            for (int c = 0; c < C; c++) {
                float v = mask * __ldg(image + c * plane + (i64)y * W + x);
                low = min_or_nan(low, v);
                high = max_or_nan(high, v);
            }
        }
    }
    write_range(low, high, range + 2ll * blockIdx.x);
}
EMU_KERNEL(masked_minmax)
