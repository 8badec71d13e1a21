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

// sqrt to 1 ulp in one instruction, 0 included.
__device__ __forceinline__ float fast_root(float x) {
#ifdef __CUDA_ARCH__
    asm("sqrt.approx.ftz.f32 %0, %1;" : "=f"(x) : "f"(x));
    return x;
#else
    return sqrtf(x);
#endif
}

// -2 ln(m 2^-24) for an integer m in 1 ... 2^24: m 2^-24 = 2^k (1 + t), t in [sqrt(1/2) - 1, sqrt(2) - 1), and
// -2 ln(1 + t) = t P(t) with a minimax P (1.7e-7 relative). Both terms vanish at m = 2^24, so the result is
// accurate near 0 too.
__device__ __forceinline__ float minus_two_log(u32 m) {
    const int SCALE = 24 << 23, HALF_ROOT = 0x3f3504f3;
    int bits = __float_as_int((float)m);
    int exponent = (bits - (SCALE + HALF_ROOT)) & (int)0xff800000;
    float t = __int_as_float(bits - exponent - SCALE) - 1.0f;
    float p = 0.202137872f;
    p = p * t - 0.324451579f;
    p = p * t + 0.345016594f;
    p = p * t - 0.398003314f;
    p = p * t + 0.499398182f;
    p = p * t - 0.666701179f;
    p = p * t + 1.0000073f;
    p = p * t - 1.99999989f;
    return p * t + exponent * (-1.38629436f / (1 << 23));
}

// Exchanges two values where a bit is set: what the compiler makes of ?: takes three instructions more.
__device__ __forceinline__ void exchange_if(u32 bit, float* a, float* b) {
#ifdef __CUDA_ARCH__
    float first, second;
    asm("{ .reg .pred p; setp.ne.u32 p, %2, 0; selp.f32 %0, %4, %3, p; selp.f32 %1, %3, %4, p; }"
        : "=f"(first), "=f"(second)
        : "r"(bit), "f"(*a), "f"(*b));
#else
    float first = bit != 0 ? *b : *a, second = bit != 0 ? *a : *b;
#endif
    *a = first, *b = second;
}

// cos and sin of 2 pi (r >> 8) 2^-24. With y in [-1, 1], exact, the angle is y quarters of pi beyond the nearest
// multiple of pi / 2; the two polynomials are minimax (3.3e-8 relative).
__device__ __forceinline__ void cos_sin(u32 r, float* cosine, float* sine) {
    u32 turn = r + 0x20000000u; // bits 31, 30: the multiple
    float y = ((int)(turn & 0x3fffff00u) - 0x20000000) * 1.86264515e-9f;
    float y2 = y * y;
    float s = y * (((-3.59504523e-05f * y2 + 0.00249000102f) * y2 - 0.0807454325f) * y2 + 0.785398161f);
    float c = ((-0.00031872784f * y2 + 0.0158496842f) * y2 - 0.308424166f) * y2 + 0.999999967f;
    exchange_if(turn & 0x40000000u, &c, &s);
    *cosine = __uint_as_float(__float_as_uint(c) ^ ((turn + 0x40000000u) & 0x80000000u));
    *sine = __uint_as_float(__float_as_uint(s) ^ (turn & 0x80000000u));
}

// Box-Muller from the 24 high bits of two words, to 1e-6 max(1, |z|): over all 2^24 inputs the root of the logarithm is
// within 1.2e-7 max(1, root) and cosine and sine are within 1.3e-7, before the roundings of root and product.
__device__ __forceinline__ void box_muller(u32 a, u32 b, float* first, float* second) {
    float radius = fast_root(minus_two_log((a >> 8) + 1u));
    float cosine, sine;
    cos_sin(b, &cosine, &sine);
    *first = radius * cosine;
    *second = radius * sine;
}

// The four normals of a block.
__device__ __forceinline__ void normals(Stream s, u32 block, float z[4]) {
    uint4 r = philox(s, block);
    box_muller(r.x, r.y, z, z + 1);
    box_muller(r.z, r.w, z + 2, z + 3);
}

// The normals of elements e ... e + 3; where e does not begin a block, two blocks are made.
__device__ __forceinline__ void normals_at(Stream s, i64 e, float z[4]) {
    normals(s, (u32)(e >> 2), z);
    int skip = (int)(e & 3);
    if (skip == 0) return;
    float next[4];
    normals(s, (u32)(e >> 2) + 1u, next);
#pragma unroll
    for (int j = 0; j < 4; j++) // a run-time index would put both into local memory
        z[j] = skip == 1 ? (j < 3 ? z[j + 1] : next[j - 3])
             : skip == 2 ? (j < 2 ? z[j + 2] : next[j - 2])
                         : (j < 1 ? z[j + 3] : next[j - 1]);
}
