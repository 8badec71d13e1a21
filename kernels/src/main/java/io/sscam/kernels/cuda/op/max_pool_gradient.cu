// out[c, y, x] = sum of gradient[c, i, j] over the windows (i, j) whose first largest element, in C order, is (y, x).
// Windows are clipped to the input and may overlap: window i has rows i stride - padding ... + kernel - 1, columns
// likewise. Each element asks the windows that cover it, in C order, so that the sums come out the same every time.
// in and out (c, h, w), gradient (c, oh, ow), all float32, at any address.
// Grid: a thread an element of out. Bytes: 8 c h w + 4 c oh ow (windows overlap in the caches).
#include "common.cuh"

struct Windows {
    int kernel, stride, padding;
};

// From a first to an end that is no part of it, along one axis.
struct Range {
    int first, end;
};

// The windows of `count` that cover an element.
__device__ __forceinline__ Range covering(Windows p, int at, int count) {
    int behind = at + p.padding - p.kernel;  // the last place where a window that begins there ends before the element
    Range r = {behind < 0 ? 0 : behind / p.stride + 1, min((at + p.padding) / p.stride + 1, count)};
    return r;
}

// What a window covers of the input.
__device__ __forceinline__ Range covered(Windows p, int window, int extent) {
    int start = window * p.stride - p.padding;
    Range r = {max(start, 0), min(start + p.kernel, extent)};
    return r;
}

// Where in the plane a window's first largest element lies.
__device__ i64 first_largest(const float* plane, int w, Range rows, Range columns) {
    i64 first = (i64)rows.first * w + columns.first;
    float largest = plane[first];
    for (int y = rows.first; y < rows.end; y++)
        for (int x = columns.first; x < columns.end; x++) {
            float v = plane[(i64)y * w + x];
            if (v > largest) largest = v, first = (i64)y * w + x;
        }
    return first;
}

extern "C" __global__ void max_pool_gradient(const float* in, const float* gradient, int c, int h, int w, int kernel,
                                             int stride, int padding, int oh, int ow, float* out) {
    Windows p = {kernel, stride, padding};
    i64 area = (i64)h * w, total = c * area;
    for (i64 e = thread_index(); e < total; e += thread_count()) {
        i64 plane = e / area, own = e - plane * area;
        int y = (int)(own / w);
        Range is = covering(p, y, oh), js = covering(p, (int)(own - (i64)y * w), ow);
        float sum = 0.0f;
        for (int i = is.first; i < is.end; i++)
            for (int j = js.first; j < js.end; j++)
                if (first_largest(in + plane * area, w, covered(p, i, h), covered(p, j, w)) == own)
                    sum += gradient[(plane * oh + i) * ow + j];
        out[e] = sum;
    }
}
EMU_KERNEL(max_pool_gradient)
