// Minimum and maximum of every map -> range (K, 2); a NaN in a map gives NaN.
//   minmax:           of maps (K, elements)
//   upsampled_minmax: of U(A_k) over H x W, which is not written
//   masked_minmax:    of ((U(A_k) - shift_k) scale_k) X over C x H x W, which is not written;
//                     affine (K, 3) holds shift, scale and a third value not used here
// Grid: a block a map. Bytes: the inputs once; the results are 8 bytes a map.
#include "upsample.cuh"

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
    i64 plane = (i64)H * W;
    float low = POSITIVE_INFINITY, high = NEGATIVE_INFINITY;
    for (i64 start = threadIdx.x * 4; start < plane; start += blockDim.x * 4) {
        float v[4];
        upsample(quad(start, h, w, H, W), map, h, w, H, W, v);
#pragma unroll
        for (int j = 0; j < 4; j++) {
            if (start + j >= plane) break;
            low = min_or_nan(low, v[j]);
            high = max_or_nan(high, v[j]);
        }
    }
    write_range(low, high, range + 2ll * blockIdx.x);
}
EMU_KERNEL(upsampled_minmax)

extern "C" __global__ void masked_minmax(const float* maps, const float* affine, const float* image, int k,
                                         int h, int w, int C, int H, int W, float* range) {
    const float* map = maps + (i64)blockIdx.x * h * w;
    float shift = affine[3ll * blockIdx.x], scale = affine[3ll * blockIdx.x + 1];
    i64 plane = (i64)H * W;
    float low = POSITIVE_INFINITY, high = NEGATIVE_INFINITY;
    for (i64 start = threadIdx.x * 4; start < plane; start += blockDim.x * 4) {
        int n = plane - start < 4 ? (int)(plane - start) : 4;
        float v[4], x[4];
        upsample(quad(start, h, w, H, W), map, h, w, H, W, v);
        for (int c = 0; c < C; c++) {
            load_quad(image + c * plane + start, plane % 4 == 0, n, x);
#pragma unroll
            for (int j = 0; j < 4; j++) {
                if (j >= n) break;
                float masked = (v[j] - shift) * scale * x[j];
                low = min_or_nan(low, masked);
                high = max_or_nan(high, masked);
            }
        }
    }
    write_range(low, high, range + 2ll * blockIdx.x);
}
EMU_KERNEL(masked_minmax)
