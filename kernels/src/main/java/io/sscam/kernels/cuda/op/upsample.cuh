// Bilinear upsampling, four pixels at a time, for the kernels that need U(A).
#pragma once
#include "common.cuh"

// One axis of bilinear upsampling with half-pixel centres and clamped edges (PyTorch's align_corners=False):
// place i of `out` lies at ((2 i + 1) in - out) / (2 out) of `in`, divided in integers and so exact at any size with
// in x out < 2^31, which the launchers check.
struct Axis {
    int low;
    float beyond; // how far behind low; negative before the first centre
};

__device__ __forceinline__ Axis axis(int i, int in, int out) {
    u32 at = (2u * i + 1u) * in, half = out, whole = 2u * out;
    u32 low = at > half ? (at - half) / whole : 0u;
    float beyond = at > half ? (float)(at - half - low * whole) : -(float)(half - at);
    Axis a = {(int)low, beyond / (float)whole};
    return a;
}

// Four pixels side by side of an upsampled plane, row after row, which begin at row y, column x. What depends on
// sizes only is worked out once and serves many maps: where in a map, in bytes, the three columns from the first
// pixel's left neighbour on lie in its upper and in its lower row (a map has fewer than 2^30 elements, which the
// launchers check), the weight of the lower row, and how far behind the first column the first pixel lies. Narrow: the
// four lie in one row and the width grows threefold or more, so that they fall between these columns.
struct Quad {
    int y, x;
    u32 upper[3], lower[3];
    float down, beyond, step;
    bool narrow;
};

__device__ __forceinline__ Quad quad(i64 start, int h, int w, int H, int W) {
    Quad q;
    q.y = (int)start / W;
    q.x = (int)start - q.y * W;
    Axis row = axis(q.y, h, H), column = axis(q.x, w, W);
    int below = min(row.low + 1, h - 1);
#pragma unroll
    for (int j = 0; j < 3; j++) {
        u32 at = min(column.low + j, w - 1);
        q.upper[j] = ((u32)row.low * w + at) * sizeof(float);
        q.lower[j] = ((u32)below * w + at) * sizeof(float);
    }
    q.down = __saturatef(row.beyond);
    q.beyond = column.beyond;
    q.step = (float)w / W;
    q.narrow = q.x + 4 <= W && 3ll * w <= W;
    return q;
}

__device__ __forceinline__ float lerp(float a, float b, float weight) { return a + weight * (b - a); }

// One pixel at any scale.
__device__ __forceinline__ float bilinear(const float* map, int h, int w, int H, int W, int y, int x) {
    Axis row = axis(y, h, H), column = axis(x, w, W);
    const float* upper = map + (i64)row.low * w;
    const float* lower = map + (i64)min(row.low + 1, h - 1) * w;
    int left = column.low, right = min(left + 1, w - 1);
    float across = __saturatef(column.beyond), down = __saturatef(row.beyond);
    return lerp(lerp(upper[left], upper[right], across), lerp(lower[left], lower[right], across), down);
}

// The quad's pixels of one map; those behind the last row are of no meaning.
__device__ __forceinline__ void upsample(const Quad& q, const float* map, int h, int w, int H, int W, float v[4]) {
    if (q.narrow) {
        const char* bytes = (const char*)map;
        float c[3];
#pragma unroll
        for (int j = 0; j < 3; j++)
            c[j] = lerp(__ldg((const float*)(bytes + q.upper[j])), __ldg((const float*)(bytes + q.lower[j])), q.down);
#pragma unroll
        for (int j = 0; j < 4; j++) {
            float at = q.beyond + j * q.step;
            v[j] = c[0] + (c[1] - c[0]) * __saturatef(at) + (c[2] - c[1]) * __saturatef(at - 1.0f);
        }
    } else {
        int y = q.y, x = q.x;
#pragma unroll 1
        for (int j = 0; j < 4; j++) {
            float one = bilinear(map, h, w, H, W, min(y, H - 1), x);
            v[0] = j == 0 ? one : v[0]; // an index known at run time only would put v into local memory
            v[1] = j == 1 ? one : v[1];
            v[2] = j == 2 ? one : v[2];
            v[3] = j == 3 ? one : v[3];
            if (++x == W) x = 0, y++;
        }
    }
}
