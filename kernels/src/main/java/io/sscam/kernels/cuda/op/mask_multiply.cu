// out[c, i] = mask[i] image[c, i]: mask (hw), image and out (C, hw).
// Grid: x over quads of pixels, y over the channels. Bytes: 8 C hw, and the mask from the caches.
#include "common.cuh"

extern "C" __global__ void mask_multiply(const float* mask, const float* image, int C, i64 hw, float* out) {
    i64 start = thread_index() * 4;
    if (start >= hw) return;
    for (int c = blockIdx.y; c < C; c += gridDim.y) {
        const float* from = image + c * hw + start;
        float* to = out + c * hw + start;
        if (hw % 4 == 0) {
            float4 m = *(const float4*)(mask + start), v = *(const float4*)from;
            *(float4*)to = make_float4(m.x * v.x, m.y * v.y, m.z * v.z, m.w * v.w);
        } else {
            for (int j = 0; j < 4 && start + j < hw; j++) to[j] = mask[start + j] * from[j];
        }
    }
}
EMU_KERNEL(mask_multiply)
