// Pooling where cuDNN has none that fits.
//   max_pool: windows clipped to the input (PyTorch's ceil mode); a NaN in a window is its maximum;
//     out has channels_out channels, of which this writes those from channel_offset on
//   adaptive_avg_pool: cell (i, j) averages rows floor(i h/oh) ... ceil((i+1) h/oh) - 1, columns
//     likewise; the result is NCHW in both forms, so that flattening it keeps PyTorch's order
//   global_avg_pool: one mean a channel, in float32
// Grid: a thread an element of the result; max_pool_nhwc_f16: a thread 8 channels where all counts allow it.
// Bytes: the input once (windows overlap in the caches).
#include "common.cuh"

struct Window {
    int kernel, stride, padding;
};

// The part of the window at cell oy (of one axis) that lies in the input: first ... end - 1.
struct Span {
    int first, end;
};

__device__ __forceinline__ Span span(Window p, int cell, int extent) {
    int start = cell * p.stride - p.padding;
    Span s = {max(start, 0), min(start + p.kernel, extent)};
    return s;
}

extern "C" __global__ void max_pool_nchw_f32(const void* in, int n, int c, int h, int w, int kernel, int stride,
                                             int padding, void* out, int oh, int ow, int channels_out,
                                             int channel_offset) {
    Window p = {kernel, stride, padding};
    i64 cells = (i64)oh * ow, total = (i64)n * c * cells;
    for (i64 i = thread_index(); i < total; i += thread_count()) {
        i64 plane = i / cells, picture = plane / c;
        int cell = (int)(i - plane * cells), oy = cell / ow;
        Span rows = span(p, oy, h), columns = span(p, cell - oy * ow, w);
        float largest = NEGATIVE_INFINITY;
        for (int y = rows.first; y < rows.end; y++)
            for (int x = columns.first; x < columns.end; x++)
                largest = max_or_nan(largest, __ldg((const float*)in + (plane * h + y) * w + x));
        i64 channel = plane - picture * c + channel_offset;
        ((float*)out)[(picture * channels_out + channel) * cells + cell] = largest;
    }
}
EMU_KERNEL(max_pool_nchw_f32)

// Channels last, V of them a thread; all channel counts are in units of V.
template <int V>
__device__ __forceinline__ void max_pool_last(const Pack<__half, V>* in, int n, int c, int h, int w, Window p,
                                              Pack<__half, V>* out, int oh, int ow, int channels_out,
                                              int channel_offset) {
    i64 cells = (i64)oh * ow, total = n * cells * c;
    for (i64 i = thread_index(); i < total; i += thread_count()) {
        i64 pixel = i / c, picture = pixel / cells;
        int channel = (int)(i - pixel * c), cell = (int)(pixel - picture * cells), oy = cell / ow;
        Span rows = span(p, oy, h), columns = span(p, cell - oy * ow, w);
        float largest[V];
#pragma unroll
        for (int j = 0; j < V; j++) largest[j] = NEGATIVE_INFINITY;
        for (int y = rows.first; y < rows.end; y++)
            for (int x = columns.first; x < columns.end; x++) {
                Pack<__half, V> pack = in[((picture * h + y) * w + x) * c + channel];
#pragma unroll
                for (int j = 0; j < V; j++) largest[j] = max_or_nan(largest[j], __half2float(pack.v[j]));
            }
        Pack<__half, V> result;
#pragma unroll
        for (int j = 0; j < V; j++) result.v[j] = __float2half_rn(largest[j]);
        out[pixel * channels_out + channel_offset + channel] = result;
    }
}

extern "C" __global__ void max_pool_nhwc_f16(const void* in, int n, int c, int h, int w, int kernel, int stride,
                                             int padding, void* out, int oh, int ow, int channels_out,
                                             int channel_offset) {
    Window p = {kernel, stride, padding};
    if ((c | channels_out | channel_offset) % 8 == 0)
        max_pool_last((const Pack<__half, 8>*)in, n, c / 8, h, w, p, (Pack<__half, 8>*)out, oh, ow, channels_out / 8,
                      channel_offset / 8);
    else
        max_pool_last((const Pack<__half, 1>*)in, n, c, h, w, p, (Pack<__half, 1>*)out, oh, ow, channels_out,
                      channel_offset);
}
EMU_KERNEL(max_pool_nhwc_f16)

// The mean of cell (oy, ox); element (y, x) lies at base + (y w + x) step.
template <class T>
__device__ float cell_mean(const T* in, i64 base, i64 step, int h, int w, int oh, int ow, int oy, int ox) {
    int top = (int)((i64)oy * h / oh), bottom = (int)(((i64)(oy + 1) * h + oh - 1) / oh);
    int left = (int)((i64)ox * w / ow), right = (int)(((i64)(ox + 1) * w + ow - 1) / ow);
    float sum = 0.0f;
    for (int y = top; y < bottom; y++)
        for (int x = left; x < right; x++) sum += load(in, base + ((i64)y * w + x) * step);
    return sum / ((bottom - top) * (right - left));
}

extern "C" __global__ void adaptive_avg_pool_nchw_f32(const void* in, int n, int c, int h, int w, void* out,
                                                      int oh, int ow) {
    i64 cells = (i64)oh * ow, total = (i64)n * c * cells;
    for (i64 i = thread_index(); i < total; i += thread_count()) {
        i64 plane = i / cells;
        int cell = (int)(i - plane * cells);
        store((float*)out, i, cell_mean((const float*)in, plane * h * w, 1, h, w, oh, ow, cell / ow, cell % ow));
    }
}
EMU_KERNEL(adaptive_avg_pool_nchw_f32)

extern "C" __global__ void adaptive_avg_pool_nhwc_f16(const void* in, int n, int c, int h, int w, void* out,
                                                      int oh, int ow) {
    i64 cells = (i64)oh * ow, total = (i64)n * c * cells;
    for (i64 i = thread_index(); i < total; i += thread_count()) {
        i64 plane = i / cells, picture = plane / c;
        int cell = (int)(i - plane * cells);
        i64 base = picture * h * w * c + (plane - picture * c);
        store((__half*)out, i, cell_mean((const __half*)in, base, c, h, w, oh, ow, cell / ow, cell % ow));
    }
}
EMU_KERNEL(adaptive_avg_pool_nhwc_f16)

extern "C" __global__ void global_avg_pool_nhwc_f16_to_f32(const void* in, int n, int c, i64 hw, float* out) {
    i64 total = (i64)n * c;
    for (i64 i = thread_index(); i < total; i += thread_count()) {
        i64 picture = i / c;
        const __half* own = (const __half*)in + picture * hw * c + (i - picture * c);
        float sum = 0.0f;
        for (i64 p = 0; p < hw; p++) sum += load(own, p * c);
        out[i] = sum / hw;
    }
}
EMU_KERNEL(global_avg_pool_nhwc_f16_to_f32)
