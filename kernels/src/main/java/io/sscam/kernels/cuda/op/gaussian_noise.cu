// z(seed, channel, sample): out[e] for e < n (see philox.cuh).
// Grid: x over blocks of 4 normals. Bytes: 4 n written; bound by arithmetic.
#include "philox.cuh"

extern "C" __global__ void gaussian_noise(u64 seed, u32 channel, u32 sample, float* out, i64 n) {
    i64 start = thread_index() * 4;
    if (start >= n) return;
    float z[4];
    normals(noise_stream(seed, channel, sample), (u32)(start >> 2), z);
    store_quad(out + start, start + 4 <= n, (int)(n - start < 4 ? n - start : 4), z);
}
EMU_KERNEL(gaussian_noise)
