// What cuDNN's entry points share: descriptors, statuses, checks.
#pragma once
#include <functional>

#include "numbers.h"
#include "software.h"

namespace cudnn {
inline constexpr int BAD_PARAMETER = 2000, NOT_SUPPORTED = 3000, EXECUTION_FAILED = 5000;
enum { FLOAT = 0, HALF = 2 };
enum { NCHW = 0, NHWC = 1 };
enum { RELU = 1, IDENTITY = 5 };
enum { PROPAGATE_NAN = 1 };
enum { TENSOR_OP_MATH = 1 };

struct Tensor { int type = -1, n, c, h, w, sn, sc, sh, sw; };
struct Filter { int type = -1, format, k, c, r, s; };
struct Convolution { int pad_h = -1, pad_w, stride_h, stride_w, dilation_h, dilation_w, mode, type, math = 0, groups = 1; };
struct Activation { int mode = -1, nan; double coefficient; };
struct Pooling { int mode = -1, nan, h, w, pad_h, pad_w, stride_h, stride_w; };
struct Handle { void* stream = nullptr; };

inline size_t size_of(int type) { return type == HALF ? 2 : 4; }
inline size_t at(const Tensor& t, int n, int c, int h, int w) {
    return (size_t)n * t.sn + (size_t)c * t.sc + (size_t)h * t.sh + (size_t)w * t.sw;
}
inline size_t extent(const Tensor& t) { return (1 + at(t, t.n - 1, t.c - 1, t.h - 1, t.w - 1)) * size_of(t.type); }
inline bool same_shape(const Tensor& a, const Tensor& b) {
    return a.type == b.type && a.n == b.n && a.c == b.c && a.h == b.h && a.w == b.w;
}
inline int out_extent(int in, int pad, int dilation, int filter, int stride) {
    return (in + 2 * pad - dilation * (filter - 1) - 1) / stride + 1;
}
inline float relu(float v, bool keep_nan) { return v > 0 ? v : v != v && keep_nan ? v : 0.0f; }

inline int outside(const char* what) {
    sw_complain("cuDNN was given %s that reaches beyond an allocation", what);
    return EXECUTION_FAILED;
}
inline int reach(const void* start, size_t bytes, const char* what) { return sw_inside((Address)start, bytes) ? OK : outside(what); }

// Checks the memory now, and again when the work's turn comes.
template <class Check, class Work>
int queue(const Handle* handle, Check check, Work work) {
    if (int status = check()) return status;
    int status = sw_enqueue(handle->stream, [=] {
        if (int late = check()) return late;
        work();
        return OK;
    });
    return status == OK || status >= BAD_PARAMETER ? status : EXECUTION_FAILED;
}
}  // namespace cudnn
