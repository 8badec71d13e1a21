// The pictures of pairs first ... first + count - 1, straight into a net's input:
//   M = (U(A_k) - shift_k) scale_k           k = channels[pair / samples], i = pair mod samples
//   none:         x = M X
//   masked_input: x = M X + tau_k z(seed, k, i), z over C x H x W
//   mask:         x = (M + tau_k z(seed, k, i)) X, z over H x W
// maps (K, h, w), affine (K, 3): shift, scale, tau; image (C, H, W); out (count, C, H, W) float32, or
// (count, H, W, P) float16 with P = C rounded up to a multiple of 4, the rest zeros.
// Grid: x over quads of 4 pixels, y over runs of neighbouring pairs. A thread works out its places once, the mask of
// its 4 pixels once for all samples of a channel in its run, and writes all their colours.
// Bytes: 4 C H W (or 2 P H W) written a pair, the rest comes from the caches; with noise it is bound by arithmetic
// (a Philox block and two Box-Muller pairs for 4 elements), so pictures of three colours with planes of a multiple of
// 4 pixels have an instance of their own that asks nothing about either.
// A plane H W has fewer than 2^31 pixels, which the launcher checks.
#include "philox.cuh"
#include "upsample.cuh"

enum Noise { NONE, MASKED_INPUT, MASK };

// What a thread works on: n pixels from start on, whole if their 4 are aligned in every colour's plane.
// RGB: that there are three colours and that they are whole is known when this is compiled.
template <bool RGB>
struct Place {
    const float* image;
    i64 plane, start;
    int channels, n;
    bool aligned;
    __device__ __forceinline__ int colours() const { return RGB ? 3 : channels; }
    __device__ __forceinline__ bool whole() const { return RGB || aligned; }
};

// The pixels of colour c.
template <Noise NOISE, bool RGB>
__device__ __forceinline__ void pixels(const Place<RGB>& at, int c, const float mask[4], float tau, Stream noise,
                                       float v[4]) {
    i64 e = c * at.plane + at.start;
    load_quad(at.image + e, at.whole(), at.n, v);
    float z[4];
    if (NOISE == MASKED_INPUT && RGB) normals(noise, (u32)(e >> 2), z);
    if (NOISE == MASKED_INPUT && !RGB) normals_at(noise, e, z);
#pragma unroll
    for (int j = 0; j < 4; j++) v[j] = NOISE == MASKED_INPUT ? mask[j] * v[j] + tau * z[j] : mask[j] * v[j];
}

template <Noise NOISE, bool RGB>
__device__ __forceinline__ void write(const Place<RGB>& at, const float mask[4], float tau, Stream noise,
                                      float* out) {
#pragma unroll (RGB ? 3 : 1)
    for (int c = 0; c < at.colours(); c++) {
        float v[4];
        pixels<NOISE>(at, c, mask, tau, noise, v);
        store_quad(out + c * at.plane + at.start, at.whole(), at.n, v);
    }
}

__device__ __forceinline__ u32 two_halves(float low, float high) {
    return (u32)__half_as_ushort(__float2half_rn(low)) | (u32)__half_as_ushort(__float2half_rn(high)) << 16;
}

// Groups of 4 colours: 8 bytes a pixel, 32 side by side where the picture has one group.
template <Noise NOISE, bool RGB>
__device__ __forceinline__ void write(const Place<RGB>& at, const float mask[4], float tau, Stream noise,
                                      __half* out) {
    int padded = (at.colours() + 3) / 4 * 4;
    for (int group = 0; group < padded; group += 4) {
        uint2 packed[4] = {};
#pragma unroll
        for (int c = 0; c < 4; c += 2) {
            float v[2][4] = {};
            if (group + c < at.colours()) pixels<NOISE>(at, group + c, mask, tau, noise, v[0]);
            if (group + c + 1 < at.colours()) pixels<NOISE>(at, group + c + 1, mask, tau, noise, v[1]);
#pragma unroll
            for (int j = 0; j < 4; j++) (c == 0 ? packed[j].x : packed[j].y) = two_halves(v[0][j], v[1][j]);
        }
        if (padded == 4 && at.whole()) {
            uint4* to = (uint4*)(out + at.start * 4);
            to[0] = make_uint4(packed[0].x, packed[0].y, packed[1].x, packed[1].y);
            to[1] = make_uint4(packed[2].x, packed[2].y, packed[3].x, packed[3].y);
        } else {
#pragma unroll
            for (int j = 0; j < 4; j++)
                if (j < at.n) *(uint2*)(out + (at.start + j) * padded + group) = packed[j];
        }
    }
}

template <Noise NOISE, class T, bool RGB>
__device__ __forceinline__ void perturb(const int* channels, const float* maps, const float* affine,
                                        const float* image, int h, int w, int C, int H, int W, u64 seed,
                                        i64 first, int count, int samples, T* out) {
    i64 plane = (i64)H * W, start = thread_index() * 4;
    i64 run = ((i64)count + gridDim.y - 1) / gridDim.y, row = blockIdx.y * run, end = row + run;
    if (end > count) end = count;
    if (start >= plane || row >= end) return;
    Place<RGB> at = {image, plane, start, C, plane - start < 4 ? (int)(plane - start) : 4, plane % 4 == 0};
    Quad places = quad(start, h, w, H, W);
    i64 slot = (first + row) / samples;
    Stream noise = noise_stream(seed, 0, (u32)(first + row - slot * samples));
    out += row * (sizeof(T) == 4 ? C : (C + 3) / 4 * 4) * plane;
    float mask[4], tau = 0.0f;
    for (bool fresh = true; row < end; row++) {
        if (fresh) {
            noise.channel = __ldg(channels + slot);
            const float* own = affine + 3ll * noise.channel;
            float shift = __ldg(own), scale = __ldg(own + 1);
            tau = __ldg(own + 2);
            upsample(places, maps + (i64)noise.channel * h * w, h, w, H, W, mask);
#pragma unroll
            for (int j = 0; j < 4; j++) mask[j] = (mask[j] - shift) * scale;
        }
        float noisy[4];
        if (NOISE == MASK) normals(noise, (u32)(start >> 2), noisy);
#pragma unroll
        for (int j = 0; j < 4; j++) noisy[j] = NOISE == MASK ? mask[j] + tau * noisy[j] : mask[j];
        write<NOISE>(at, noisy, tau, noise, out);
        out += (sizeof(T) == 4 ? C : (C + 3) / 4 * 4) * plane;
        fresh = ++noise.sample == (u32)samples;
        if (fresh) noise.sample = 0, slot++;
    }
}

template <Noise NOISE, class T>
__device__ __forceinline__ void perturb(const int* channels, const float* maps, const float* affine,
                                        const float* image, int h, int w, int C, int H, int W, u64 seed,
                                        i64 first, int count, int samples, T* out) {
    if (C == 3 && (i64)H * W % 4 == 0)
        perturb<NOISE, T, true>(channels, maps, affine, image, h, w, 3, H, W, seed, first, count, samples, out);
    else perturb<NOISE, T, false>(channels, maps, affine, image, h, w, C, H, W, seed, first, count, samples, out);
}

#define PERTURB(name, NOISE, T)                                                                               \
    extern "C" __global__ void __launch_bounds__(256, 4)                                                      \
    name(const int* channels, const float* maps, const float* affine, const float* image, int h, int w,       \
         int C, int H, int W, u64 seed, i64 first, int count, int samples, void* out) {                       \
        perturb<NOISE, T>(channels, maps, affine, image, h, w, C, H, W, seed, first, count, samples, (T*)out); \
    }                                                                                                         \
    EMU_KERNEL(name)

PERTURB(perturb_and_mask_none_nchw_f32, NONE, float)
PERTURB(perturb_and_mask_masked_input_nchw_f32, MASKED_INPUT, float)
PERTURB(perturb_and_mask_mask_nchw_f32, MASK, float)
PERTURB(perturb_and_mask_none_nhwc_f16, NONE, __half)
PERTURB(perturb_and_mask_masked_input_nhwc_f16, MASKED_INPUT, __half)
PERTURB(perturb_and_mask_mask_nhwc_f16, MASK, __half)
