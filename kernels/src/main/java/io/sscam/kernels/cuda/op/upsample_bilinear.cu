// U(A): maps (K, h, w) -> out (K, H, W), bilinear, half-pixel centres, clamped edges.
//   out[k, y, x] = blend of the four neighbours of ((y + 1/2) h/H - 1/2, (x + 1/2) w/W - 1/2)
// Grid: x over quads of 4 pixels of a plane, y over the maps. A thread works out its places once and writes its 4
// pixels of every gridDim.y-th map. Bytes: 4 K H W written; the maps (4 K h w) are small and stay in the caches.
// A plane H W has fewer than 2^31 pixels, which the launcher checks.
#include "upsample.cuh"

extern "C" __global__ void __launch_bounds__(256)
upsample_bilinear(const float* maps, int k, int h, int w, float* out, int H, int W) {
    i64 plane = (i64)H * W, start = thread_index() * 4;
    if (start >= plane) return;
    int n = plane - start < 4 ? (int)(plane - start) : 4;
    Quad q = quad(start, h, w, H, W);
    i64 area = (i64)h * w;
    maps += blockIdx.y * area, out += blockIdx.y * plane + start;
    for (int m = blockIdx.y; m < k; m += gridDim.y) {
        float v[4];
        upsample(q, maps, h, w, H, W, v);
        store_quad(out, plane % 4 == 0, n, v);
        maps += gridDim.y * area, out += gridDim.y * plane;
    }
}
EMU_KERNEL(upsample_bilinear)
