// The pictures of pairs first ... first + count - 1, straight into a net's input:
//   M = (U(A_k) - shift_k) scale_k           k = channels[pair / samples], i = pair mod samples
//   none:         x = M X
//   masked_input: x = M X + tau_k z(seed, k, i), z over C x H x W
//   mask:         x = (M + tau_k z(seed, k, i)) X, z over H x W
// maps (K, h, w), affine (K, 3): shift, scale, tau; image (C, H, W); out (count, C, H, W) float32, or
// (count, H, W, P) float16 with P = C rounded up to a multiple of 4, the rest zeros.
// Grid: x over quads of 4 pixels, y over pairs. A thread makes the mask of its 4 pixels once and all
// their channels. Bytes: 4 C H W (or 2 P H W) written a pair, the rest comes from the caches; with
// noise it is bound by arithmetic (a Philox block and two Box-Muller pairs for 4 elements).
// A plane H W has fewer than 2^31 pixels, which the launcher checks.
#include "philox.cuh"

enum Noise { NONE, MASKED_INPUT, MASK };

struct Pair {
    const float *map, *image;
    int h, w, C, H, W;
    float shift, scale, tau;
    Stream stream;
};

// The mask at pixels start ... start + 3 (those beyond the picture repeat its last row).
__device__ __forceinline__ void mask_of(const Pair& p, i64 start, float m[4]) {
    float down = (float)p.h / p.H, right = (float)p.w / p.W;
    int y = (int)start / p.W, x = (int)start - y * p.W;
    Axis row = axis(y, down, p.h);
#pragma unroll
    for (int j = 0; j < 4; j++) {
        m[j] = (bilinear(p.map, p.w, row, axis(x, right, p.w)) - p.shift) * p.scale;
        if (++x == p.W) { x = 0; row = axis(++y, down, p.h); }
    }
}

// Four pixels of one channel.
template <Noise NOISE>
__device__ __forceinline__ void pixels(const Pair& p, int c, i64 start, int n, const float m[4], float v[4]) {
    i64 e = (i64)c * p.H * p.W + start;
    float z[4];
    if (NOISE == MASKED_INPUT) normals_at(p.stream, e, z);
#pragma unroll
    for (int j = 0; j < 4; j++) {
        float x = j < n ? __ldg(p.image + e + j) : 0.0f;
        v[j] = NOISE == MASKED_INPUT ? m[j] * x + p.tau * z[j] : m[j] * x;
    }
}

__device__ __forceinline__ void write(const Pair& p, int c, i64 start, int n, const float v[4], float* out) {
    float* to = out + (i64)c * p.H * p.W + start;
    if (n == 4 && (i64)p.H * p.W % 4 == 0) {
        *(float4*)to = make_float4(v[0], v[1], v[2], v[3]);
    } else {
#pragma unroll
        for (int j = 0; j < 4; j++)
            if (j < n) to[j] = v[j];
    }
}

template <Noise NOISE>
__device__ __forceinline__ void channels_first(const Pair& p, i64 start, int n, const float m[4], float* out) {
    for (int c = 0; c < p.C; c++) {
        float v[4];
        pixels<NOISE>(p, c, start, n, m, v);
        write(p, c, start, n, v, out);
    }
}

__device__ __forceinline__ u32 two_halves(float low, float high) {
    return (u32)__half_as_ushort(__float2half_rn(low)) | (u32)__half_as_ushort(__float2half_rn(high)) << 16;
}

// Groups of 4 channels: 8 bytes a pixel, 32 side by side where the picture has one group.
template <Noise NOISE>
__device__ __forceinline__ void channels_last(const Pair& p, i64 start, int n, const float m[4], __half* out) {
    int padded = (p.C + 3) / 4 * 4;
    for (int first = 0; first < padded; first += 4) {
        float v[4][4];
#pragma unroll
        for (int c = 0; c < 4; c++) {
            if (first + c < p.C) pixels<NOISE>(p, first + c, start, n, m, v[c]);
            else v[c][0] = v[c][1] = v[c][2] = v[c][3] = 0.0f;
        }
        uint2 packed[4];
#pragma unroll
        for (int j = 0; j < 4; j++)
            packed[j] = make_uint2(two_halves(v[0][j], v[1][j]), two_halves(v[2][j], v[3][j]));
        if (padded == 4 && n == 4 && (i64)p.H * p.W % 2 == 0) {
            uint4* to = (uint4*)(out + start * 4);
            to[0] = make_uint4(packed[0].x, packed[0].y, packed[1].x, packed[1].y);
            to[1] = make_uint4(packed[2].x, packed[2].y, packed[3].x, packed[3].y);
        } else {
#pragma unroll
            for (int j = 0; j < 4; j++)
                if (j < n) *(uint2*)(out + (start + j) * padded + first) = packed[j];
        }
    }
}

template <Noise NOISE, class T>
__device__ __forceinline__ void perturb(const int* channels, const float* maps, const float* affine,
                                        const float* image, int h, int w, int C, int H, int W, u64 seed,
                                        i64 first, int count, int samples, T* out) {
    i64 plane = (i64)H * W, start = thread_index() * 4;
    if (start >= plane) return;
    int n = plane - start < 4 ? (int)(plane - start) : 4;
    for (int row = blockIdx.y; row < count; row += gridDim.y) {
        i64 slot = (first + row) / samples;
        int k = __ldg(channels + slot);
        Pair p = {maps + (i64)k * h * w, image, h, w, C, H, W, __ldg(affine + 3ll * k), __ldg(affine + 3ll * k + 1),
                  __ldg(affine + 3ll * k + 2), noise_stream(seed, (u32)k, (u32)(first + row - slot * samples))};
        float m[4];
        mask_of(p, start, m);
        if (NOISE == MASK) {
            float z[4];
            normals(p.stream, (u32)(start >> 2), z);
#pragma unroll
            for (int j = 0; j < 4; j++) m[j] += p.tau * z[j];
        }
        if constexpr (sizeof(T) == 4) channels_first<NOISE>(p, start, n, m, out + (i64)row * C * plane);
        else channels_last<NOISE>(p, start, n, m, out + (i64)row * ((C + 3) / 4 * 4) * plane);
    }
}

#define PERTURB(name, NOISE, T)                                                                               \
    extern "C" __global__ void name(const int* channels, const float* maps, const float* affine,              \
                                    const float* image, int h, int w, int C, int H, int W, u64 seed,          \
                                    i64 first, int count, int samples, void* out) {                           \
        perturb<NOISE, T>(channels, maps, affine, image, h, w, C, H, W, seed, first, count, samples, (T*)out); \
    }                                                                                                         \
    EMU_KERNEL(name)

PERTURB(perturb_and_mask_none_nchw_f32, NONE, float)
PERTURB(perturb_and_mask_masked_input_nchw_f32, MASKED_INPUT, float)
PERTURB(perturb_and_mask_mask_nchw_f32, MASK, float)
PERTURB(perturb_and_mask_none_nhwc_f16, NONE, __half)
PERTURB(perturb_and_mask_masked_input_nhwc_f16, MASKED_INPUT, __half)
PERTURB(perturb_and_mask_mask_nhwc_f16, MASK, __half)
