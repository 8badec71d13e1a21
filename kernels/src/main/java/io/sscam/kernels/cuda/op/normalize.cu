// out = (map - min) / (max - min), and 0 where max = min: maps (K, elements), range (K, 2).
// Grid: x over the elements of a map, y over the maps. Bytes: 8 K elements. It divides, since the
// reciprocal of a denormal range would overflow.
#include "common.cuh"

extern "C" __global__ void normalize(const float* maps, const float* range, int k, i64 elements, float* out) {
    for (int m = blockIdx.y; m < k; m += gridDim.y) {
        float low = __ldg(range + 2ll * m), extent = __ldg(range + 2ll * m + 1) - low;
        for (i64 i = thread_index(); i < elements; i += thread_count()) {
            i64 at = m * elements + i;
            out[at] = extent == 0.0f ? 0.0f : (maps[at] - low) / extent;
        }
    }
}
EMU_KERNEL(normalize)
