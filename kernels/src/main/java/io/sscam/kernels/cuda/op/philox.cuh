// z(seed, channel, sample): standard normals from Philox4x32-10 (Salmon et al., SC'11). Counter
// (block, sample, channel, 0), key = the seed's low and high words; element e is lane e mod 4 of
// block e div 4. The integers are bit for bit those of every other device.
#pragma once
#include "common.cuh"

struct Stream {
    u32 key0, key1, sample, channel;
};

__device__ __forceinline__ Stream noise_stream(u64 seed, u32 channel, u32 sample) {
    Stream s;
    s.key0 = (u32)seed;
    s.key1 = (u32)(seed >> 32);
    s.sample = sample;
    s.channel = channel;
    return s;
}

__device__ __forceinline__ uint4 philox(Stream s, u32 block) {
    u32 c0 = block, c1 = s.sample, c2 = s.channel, c3 = 0, k0 = s.key0, k1 = s.key1;
#pragma unroll
    for (int round = 0; round < 10; round++) {
        u32 high0 = __umulhi(0xD2511F53u, c0), low0 = 0xD2511F53u * c0;
        u32 high1 = __umulhi(0xCD9E8D57u, c2), low1 = 0xCD9E8D57u * c2;
        c0 = high1 ^ c1 ^ k0;
        c1 = low1;
        c2 = high0 ^ c3 ^ k1;
        c3 = low0;
        k0 += 0x9E3779B9u;
        k1 += 0xBB67AE85u;
    }
    return make_uint4(c0, c1, c2, c3);
}

// Box-Muller: u in (0, 1], v in [0, 1), both of 24 bits and so exact; 2v is exact too, and
// sincospif takes it without a reduction of its range.
__device__ __forceinline__ void box_muller(u32 a, u32 b, float* first, float* second) {
    float u = ((a >> 8) + 1u) * 5.9604644775390625e-8f;
    float v = (b >> 8) * 1.1920928955078125e-7f;
    float radius = sqrtf(-2.0f * logf(u));
    float sine, cosine;
    sincospif(v, &sine, &cosine);
    *first = radius * cosine;
    *second = radius * sine;
}

// The four normals of a block.
__device__ __forceinline__ void normals(Stream s, u32 block, float z[4]) {
    uint4 r = philox(s, block);
    box_muller(r.x, r.y, z, z + 1);
    box_muller(r.z, r.w, z + 2, z + 3);
}

// The normals of elements e ... e + 3; e need not begin a block.
__device__ __forceinline__ void normals_at(Stream s, i64 e, float z[4]) {
    int skip = (int)(e & 3);
    normals(s, (u32)(e >> 2), z);
    if (skip == 0) return;
    float next[4];
    normals(s, (u32)(e >> 2) + 1u, next);
    if (skip == 1) { z[0] = z[1]; z[1] = z[2]; z[2] = z[3]; z[3] = next[0]; }
    else if (skip == 2) { z[0] = z[2]; z[1] = z[3]; z[2] = next[0]; z[3] = next[1]; }
    else { z[0] = z[3]; z[1] = next[0]; z[2] = next[1]; z[3] = next[2]; }
}
