// out[c, i] = mask[i] image[c, i]: mask (hw), image and out (C, hw).
// Grid: x over quads of pixels, y over the channels, of which a thread takes every gridDim.y-th.
// Bytes: 8 C hw + 4 hw.
#include "common.cuh"

extern "C" __global__ void mask_multiply(const float* __restrict__ mask, const float* __restrict__ image, int C, i64 hw,
                                         float* __restrict__ out) {
    i64 start = thread_index() * 4;
    if (start >= hw) return;
    int n = hw - start < 4 ? (int)(hw - start) : 4;
    float m[4];
    load_quad(mask + start, n == 4, n, m);
    for (int c = blockIdx.y; c < C; c += gridDim.y) {
        float v[4];
        load_quad(image + c * hw + start, hw % 4 == 0, n, v);
#pragma unroll
        for (int j = 0; j < 4; j++) v[j] *= m[j];
        store_quad(out + c * hw + start, hw % 4 == 0, n, v);
    }
}
EMU_KERNEL(mask_multiply)
