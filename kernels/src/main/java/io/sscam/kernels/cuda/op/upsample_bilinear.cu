// U(A): maps (K, h, w) -> out (K, H, W), bilinear, half-pixel centres, clamped edges.
//   out[k, y, x] = blend of the four neighbours of ((y + 1/2) h/H - 1/2, (x + 1/2) w/W - 1/2)
// Grid: x over quads of 4 pixels of a map, y over the maps. A thread writes 4 pixels side by side.
// Bytes: 4 K H W written; the maps (4 K h w) are small and stay in the caches.
// A plane H W has fewer than 2^31 pixels, which the launcher checks.
#include "common.cuh"

extern "C" __global__ void upsample_bilinear(const float* maps, int k, int h, int w, float* out, int H, int W) {
    i64 plane = (i64)H * W, start = thread_index() * 4;
    if (start >= plane) return;
    float down = (float)h / H, right = (float)w / W;
    for (int m = blockIdx.y; m < k; m += gridDim.y) {
        const float* map = maps + (i64)m * h * w;
        float* target = out + m * plane + start;
        int y = (int)start / W, x = (int)start - y * W;
        Axis row = axis(y, down, h);
        float v[4];
        int n = plane - start < 4 ? (int)(plane - start) : 4;
#pragma unroll
        for (int j = 0; j < 4; j++) {
            v[j] = bilinear(map, w, row, axis(x, right, w));
            if (++x == W) { x = 0; row = axis(++y, down, h); }
        }
        if (n == 4 && plane % 4 == 0) {
            *(float4*)target = make_float4(v[0], v[1], v[2], v[3]);
        } else {
#pragma unroll
            for (int j = 0; j < 4; j++)
                if (j < n) target[j] = v[j];
        }
    }
}
EMU_KERNEL(upsample_bilinear)
