// The part of cuDNN 9 that the project uses, with its refusals: descriptors, convolutions, max pooling.
// A plain correct convolution in float; half is converted when read and rounded when written.
#include <algorithm>
#include <cmath>
#include <cstring>
#include <vector>

#include "numbers.h"
#include "software.h"

enum { OK = 0, BAD_PARAMETER = 2000, NOT_SUPPORTED = 3000, EXECUTION_FAILED = 5000 };
enum { FLOAT = 0, HALF = 2 };
enum { NCHW = 0, NHWC = 1 };
enum { RELU = 1, IDENTITY = 5 };
enum { IMPLICIT_PRECOMP_GEMM = 1, WINOGRAD = 6 };

namespace {
struct Tensor { int type = -1, n, c, h, w, sn, sc, sh, sw; };
struct Filter { int type = -1, format, k, c, r, s; };
struct Convolution { int pad_h, pad_w, stride_h, stride_w, dilation_h, dilation_w, mode, type, math = 0, groups = 1; };
struct Activation { int mode, nan; double coefficient; };
struct Pooling { int mode, nan, h, w, pad_h, pad_w, stride_h, stride_w; };
struct Handle { void* stream = nullptr; };
struct Perf { int algorithm, status; float millis; size_t memory; int determinism, math, reserved[3]; };
long objects = 0;

size_t size_of(int type) { return type == HALF ? 2 : 4; }
size_t extent(const Tensor& t) {
    return (1 + (size_t)(t.n - 1) * t.sn + (size_t)(t.c - 1) * t.sc + (size_t)(t.h - 1) * t.sh + (size_t)(t.w - 1) * t.sw) * size_of(t.type);
}
size_t bytes(const Filter& f) { return (size_t)f.k * f.c * f.r * f.s * size_of(f.type); }
size_t at(const Tensor& t, int n, int c, int h, int w) { return (size_t)n * t.sn + (size_t)c * t.sc + (size_t)h * t.sh + (size_t)w * t.sw; }

int out_extent(int in, int pad, int dilation, int filter, int stride) { return (in + 2 * pad - dilation * (filter - 1) - 1) / stride + 1; }

bool fits(const Tensor& x, const Filter& f, const Convolution& v, const Tensor& y) {
    return x.type == f.type && f.type == y.type && x.c == f.c * v.groups && y.c == f.k && x.n == y.n &&
           y.h == out_extent(x.h, v.pad_h, v.dilation_h, f.r, v.stride_h) && y.w == out_extent(x.w, v.pad_w, v.dilation_w, f.s, v.stride_w);
}

// What an algorithm needs; negative: it cannot do this.
long workspace(const Tensor& x, const Filter& f, const Convolution& v, int algorithm) {
    if (v.groups != 1 || v.mode != 1 || v.type != FLOAT) return -1;
    bool winograd = f.r == 3 && f.s == 3 && v.stride_h == 1 && v.stride_w == 1;
    switch (algorithm) {
        case 0: return 0;
        case IMPLICIT_PRECOMP_GEMM: return 1024;
        case 2: return (long)x.h * x.w * f.c * f.r * f.s;
        case WINOGRAD: return winograd ? 16 * 1024 : -1;
        default: return -1;
    }
}

// One picture: padded float copy of the input, then shifted multiply-adds over whole rows.
void convolve(const Tensor& x, const float* picture, const Filter& f, const float* filter, const Convolution& v, const Tensor& y, float* out) {
    std::fill_n(out, (size_t)y.h * y.w, 0.0f);
    int H = x.h + 2 * v.pad_h, W = x.w + 2 * v.pad_w;
    for (int c = 0; c < f.c; c++)
        for (int r = 0; r < f.r; r++)
            for (int s = 0; s < f.s; s++) {
                float weight = filter[(c * f.r + r) * f.s + s];
                for (int oy = 0; oy < y.h; oy++) {
                    const float* from = picture + ((size_t)c * H + oy * v.stride_h + r * v.dilation_h) * W + s * v.dilation_w;
                    float* to = out + (size_t)oy * y.w;
                    if (v.stride_w == 1) for (int ox = 0; ox < y.w; ox++) to[ox] += weight * from[ox];
                    else for (int ox = 0; ox < y.w; ox++) to[ox] += weight * from[(size_t)ox * v.stride_w];
                }
            }
}

struct Finish {
    float alpha1 = 1, alpha2 = 0, beta = 0;
    const Tensor* z = nullptr;
    const void *z_data = nullptr, *bias = nullptr;
    bool relu = false, nan = true;
};

void run(const Tensor& x, const void* xd, const Filter& f, const void* fd, const Convolution& v, const Tensor& y, void* yd, const Finish& e) {
    bool half = x.type == HALF;
    std::vector<float> filters((size_t)f.k * f.c * f.r * f.s);
    size_t i = 0;
    for (int k = 0; k < f.k; k++)
        for (int c = 0; c < f.c; c++)
            for (int r = 0; r < f.r; r++)
                for (int s = 0; s < f.s; s++)
                    {
                        filters[i] = get(fd, half, f.format == NCHW ? i : ((size_t)(k * f.r + r) * f.s + s) * f.c + c);
                        i++;
                    }
    int H = x.h + 2 * v.pad_h, W = x.w + 2 * v.pad_w;
    for (int n = 0; n < x.n; n++) {
        std::vector<float> picture((size_t)x.c * H * W);
        for (int c = 0; c < x.c; c++)
            for (int h = 0; h < x.h; h++)
                for (int w = 0; w < x.w; w++) picture[((size_t)c * H + h + v.pad_h) * W + w + v.pad_w] = get(xd, half, at(x, n, c, h, w));
#pragma omp parallel for schedule(dynamic)
        for (int k = 0; k < f.k; k++) {
            std::vector<float> out((size_t)y.h * y.w);
            convolve(x, picture.data(), f, filters.data() + (size_t)k * f.c * f.r * f.s, v, y, out.data());
            float bias = e.bias ? get(e.bias, half, k) : 0;
            for (int h = 0; h < y.h; h++)
                for (int w = 0; w < y.w; w++) {
                    size_t to = at(y, n, k, h, w);
                    float value = e.alpha1 * out[(size_t)h * y.w + w] + bias;
                    if (e.alpha2 != 0) value += e.alpha2 * get(e.z_data, half, at(*e.z, n, k, h, w));
                    if (e.beta != 0) value += e.beta * get(yd, half, to);
                    if (e.relu) value = value != value ? (e.nan ? value : 0) : std::max(value, 0.0f);
                    put(yd, half, to, value);
                }
        }
    }
}

int outside(const char* what) {
    sw_complain("cuDNN was given %s that reaches beyond an allocation", what);
    return EXECUTION_FAILED;
}

int check(const Tensor& x, const void* xd, const Filter& f, const void* fd, const Tensor& y, const void* yd) {
    if (!sw_inside((Address)xd, extent(x))) return outside("an input");
    if (!sw_inside((Address)fd, bytes(f))) return outside("a filter");
    if (!sw_inside((Address)yd, extent(y))) return outside("an output");
    return OK;
}

int check_workspace(const Tensor& x, const Filter& f, const Convolution& v, int algorithm, void* space, size_t room) {
    long need = workspace(x, f, v, algorithm);
    if (need < 0) return NOT_SUPPORTED;
    if ((size_t)need > room) return BAD_PARAMETER;
    if (need > 0 && !sw_inside((Address)space, need)) return outside("a workspace");
    if (need > 0) memset(space, 0x77, need);
    return OK;
}
}  // namespace

API long sw_live_cudnn() { return objects; }

#define CREATE(what, type) \
    API int cudnnCreate##what(type** d) { CALLED("cudnnCreate" #what); objects++; *d = new type(); return OK; } \
    API int cudnnDestroy##what(type* d) { objects--; delete d; return OK; }
CREATE(TensorDescriptor, Tensor)
CREATE(FilterDescriptor, Filter)
CREATE(ConvolutionDescriptor, Convolution)
CREATE(ActivationDescriptor, Activation)
CREATE(PoolingDescriptor, Pooling)

API int cudnnCreate(Handle** h) { CALLED("cudnnCreate"); objects++; *h = new Handle; return OK; }
API int cudnnDestroy(Handle* h) { objects--; delete h; return OK; }
API int cudnnSetStream(Handle* h, void* stream) { h->stream = stream; return OK; }
API size_t cudnnGetVersion() { return 90100; }
API size_t cudnnGetCudartVersion() { return 13000; }
API const char* cudnnGetErrorString(int status) {
    switch (status) {
        case OK: return "CUDNN_STATUS_SUCCESS";
        case BAD_PARAMETER: return "CUDNN_STATUS_BAD_PARAM";
        case NOT_SUPPORTED: return "CUDNN_STATUS_NOT_SUPPORTED";
        case EXECUTION_FAILED: return "CUDNN_STATUS_EXECUTION_FAILED";
        default: return "CUDNN_STATUS_ANOTHER";
    }
}

API int cudnnSetTensor4dDescriptorEx(Tensor* t, int type, int n, int c, int h, int w, int sn, int sc, int sh, int sw) {
    if ((type != FLOAT && type != HALF) || std::min({n, c, h, w, sn, sc, sh, sw}) < 1) return BAD_PARAMETER;
    *t = {type, n, c, h, w, sn, sc, sh, sw};
    return OK;
}
API int cudnnSetTensor4dDescriptor(Tensor* t, int format, int type, int n, int c, int h, int w) {
    if (format == NCHW) return cudnnSetTensor4dDescriptorEx(t, type, n, c, h, w, c * h * w, h * w, w, 1);
    if (format == NHWC) return cudnnSetTensor4dDescriptorEx(t, type, n, c, h, w, c * h * w, 1, w * c, c);
    return BAD_PARAMETER;
}
API int cudnnSetFilter4dDescriptor(Filter* f, int type, int format, int k, int c, int r, int s) {
    if ((type != FLOAT && type != HALF) || (format != NCHW && format != NHWC) || std::min({k, c, r, s}) < 1) return BAD_PARAMETER;
    *f = {type, format, k, c, r, s};
    return OK;
}
API int cudnnSetConvolution2dDescriptor(Convolution* v, int ph, int pw, int sh, int sw, int dh, int dw, int mode, int type) {
    if (std::min({sh, sw, dh, dw}) < 1 || std::min(ph, pw) < 0) return BAD_PARAMETER;
    *v = {ph, pw, sh, sw, dh, dw, mode, type};
    return OK;
}
API int cudnnSetConvolutionMathType(Convolution* v, int math) { v->math = math; return math >= 0 && math <= 3 ? OK : BAD_PARAMETER; }
API int cudnnSetConvolutionGroupCount(Convolution* v, int groups) { v->groups = groups; return OK; }
API int cudnnSetActivationDescriptor(Activation* a, int mode, int nan, double coefficient) { *a = {mode, nan, coefficient}; return OK; }
API int cudnnSetPooling2dDescriptor(Pooling* p, int mode, int nan, int h, int w, int ph, int pw, int sh, int sw) {
    *p = {mode, nan, h, w, ph, pw, sh, sw};
    return ph < h && pw < w && std::min({h, w, sh, sw}) > 0 ? OK : BAD_PARAMETER;
}

API int cudnnGetConvolution2dForwardOutputDim(Convolution* v, Tensor* x, Filter* f, int* n, int* c, int* h, int* w) {
    *n = x->n;
    *c = f->k;
    *h = out_extent(x->h, v->pad_h, v->dilation_h, f->r, v->stride_h);
    *w = out_extent(x->w, v->pad_w, v->dilation_w, f->s, v->stride_w);
    return OK;
}

API int cudnnGetConvolutionForwardWorkspaceSize(Handle*, Tensor* x, Filter* f, Convolution* v, Tensor* y, int algorithm, size_t* size) {
    CALLED("cudnnGetConvolutionForwardWorkspaceSize");
    if (!fits(*x, *f, *v, *y)) return BAD_PARAMETER;
    long need = workspace(*x, *f, *v, algorithm);
    *size = need < 0 ? 0 : need;
    return need < 0 ? NOT_SUPPORTED : OK;
}

// Slower in the order of the list; one that the workspace is too small for is answered as such.
API int cudnnFindConvolutionForwardAlgorithmEx(Handle*, Tensor* x, const void* xd, Filter* f, const void* fd, Convolution* v, Tensor* y, void* yd,
                                               int asked, int* given, Perf* perf, void* space, size_t room) {
    CALLED("cudnnFindConvolutionForwardAlgorithmEx");
    if (!fits(*x, *f, *v, *y) || asked < 1) return BAD_PARAMETER;
    if (int status = check(*x, xd, *f, fd, *y, yd)) return status;
    if (room > 0 && !sw_inside((Address)space, room)) return outside("a workspace");
    *given = 0;
    for (int algorithm : {(int)WINOGRAD, (int)IMPLICIT_PRECOMP_GEMM, 0, 2}) {
        long need = workspace(*x, *f, *v, algorithm);
        if (need < 0 || *given == asked) continue;
        bool enough = (size_t)need <= room;
        perf[*given] = {algorithm, enough ? OK : BAD_PARAMETER, enough ? 1.0f + *given : -1.0f, (size_t)need, 1, 0, {0, 0, 0}};
        ++*given;
    }
    std::stable_sort(perf, perf + *given, [](const Perf& a, const Perf& b) { return a.status < b.status; });
    for (size_t i = 0; i < extent(*y) / size_of(y->type); i++)  // the real one leaves what it measured with
        if (y->sn == y->c * y->h * y->w) put(yd, y->type == HALF, i, -7);
    return OK;
}

API int cudnnConvolutionForward(Handle* handle, const float* alpha, Tensor* x, const void* xd, Filter* f, const void* fd, Convolution* v, int algorithm,
                                void* space, size_t room, const float* beta, Tensor* y, void* yd) {
    CALLED("cudnnConvolutionForward");
    if (!fits(*x, *f, *v, *y)) return BAD_PARAMETER;
    if (int status = check_workspace(*x, *f, *v, algorithm, space, room)) return status;
    if (int status = check(*x, xd, *f, fd, *y, yd)) return status;
    Finish e;
    e.alpha1 = *alpha;
    e.beta = *beta;
    return sw_enqueue(handle->stream, [=, x = *x, f = *f, v = *v, y = *y] { run(x, xd, f, fd, v, y, yd, e); return (int)OK; });
}

API int cudnnConvolutionBiasActivationForward(Handle* handle, const float* alpha1, Tensor* x, const void* xd, Filter* f, const void* fd, Convolution* v,
                                              int algorithm, void* space, size_t room, const float* alpha2, Tensor* z, const void* zd, Tensor* b,
                                              const void* bd, Activation* a, Tensor* y, void* yd) {
    CALLED("cudnnConvolutionBiasActivationForward");
    if (!fits(*x, *f, *v, *y) || b->c != y->c || b->n * b->h * b->w != 1) return BAD_PARAMETER;
    if (b->type != y->type) return BAD_PARAMETER;
    if (z->type != y->type || z->n != y->n || z->c != y->c || z->h != y->h || z->w != y->w) return BAD_PARAMETER;
    if (a->mode != RELU && a->mode != IDENTITY) return NOT_SUPPORTED;
    if (a->mode == IDENTITY && algorithm != IMPLICIT_PRECOMP_GEMM) return NOT_SUPPORTED;
    if (int status = check_workspace(*x, *f, *v, algorithm, space, room)) return status;
    if (int status = check(*x, xd, *f, fd, *y, yd)) return status;
    if (!sw_inside((Address)bd, extent(*b))) return outside("a bias");
    if (*alpha2 != 0 && !sw_inside((Address)zd, extent(*z))) return outside("a residual");
    Finish e;
    e.alpha1 = *alpha1;
    e.alpha2 = *alpha2;
    e.z_data = zd;
    e.bias = bd;
    e.relu = a->mode == RELU;
    e.nan = a->nan == 1;
    return sw_enqueue(handle->stream, [=, x = *x, f = *f, v = *v, y = *y, z = *z] {
        Finish own = e;
        own.z = &z;
        run(x, xd, f, fd, v, y, yd, own);
        return (int)OK;
    });
}

API int cudnnPoolingForward(Handle* handle, Pooling* p, const float* alpha, Tensor* x, const void* xd, const float* beta, Tensor* y, void* yd) {
    CALLED("cudnnPoolingForward");
    if (p->mode != 0 && p->mode != 3) return NOT_SUPPORTED;
    if (*alpha != 1 || *beta != 0 || x->type != y->type || x->n != y->n || x->c != y->c) return BAD_PARAMETER;
    if (y->h != out_extent(x->h, p->pad_h, 1, p->h, p->stride_h) || y->w != out_extent(x->w, p->pad_w, 1, p->w, p->stride_w)) return BAD_PARAMETER;
    if (!sw_inside((Address)xd, extent(*x))) return outside("an input");
    if (!sw_inside((Address)yd, extent(*y))) return outside("an output");
    return sw_enqueue(handle->stream, [=, p = *p, x = *x, y = *y] {
        bool half = x.type == HALF;
        for (int n = 0; n < y.n; n++)
            for (int c = 0; c < y.c; c++)
                for (int oy = 0; oy < y.h; oy++)
                    for (int ox = 0; ox < y.w; ox++) {
                        float best = -INFINITY;
                        for (int h = std::max(0, oy * p.stride_h - p.pad_h); h < std::min(x.h, oy * p.stride_h - p.pad_h + p.h); h++)
                            for (int w = std::max(0, ox * p.stride_w - p.pad_w); w < std::min(x.w, ox * p.stride_w - p.pad_w + p.w); w++) {
                                float value = get(xd, half, at(x, n, c, h, w));
                                if (value > best || (p.nan == 1 && value != value)) best = value;
                            }
                        put(yd, half, at(y, n, c, oy, ox), best);
                    }
        return (int)OK;
    });
}
