// out = (map - min) / (max - min), and 0 where max = min: maps (K, elements), range (K, 2).
// Grid: x over quads of elements of a map, y over the maps. Bytes: 8 K elements.
// It divides, since the reciprocal of a denormal range would overflow.
#include "common.cuh"

extern "C" __global__ void normalize(const float* maps, const float* range, int k, i64 elements, float* out) {
    i64 start = thread_index() * 4;
    if (start >= elements) return;
    int n = elements - start < 4 ? (int)(elements - start) : 4;
    for (int m = blockIdx.y; m < k; m += gridDim.y) {
        float low = __ldg(range + 2ll * m), extent = __ldg(range + 2ll * m + 1) - low;
        float v[4];
        load_quad(maps + m * elements + start, elements % 4 == 0, n, v);
#pragma unroll
        for (int j = 0; j < 4; j++) v[j] = extent == 0.0f ? 0.0f : (v[j] - low) / extent;
        store_quad(out + m * elements + start, elements % 4 == 0, n, v);
    }
}
EMU_KERNEL(normalize)
