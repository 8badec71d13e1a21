// Convolutions: a picture is copied with its padding as float, and filters times patches is one matrix product.
// half is converted when read, summed in float and rounded when written.
#include <algorithm>
#include <cstring>
#include <memory>
#include <vector>

#include "cudnn.h"
#include "multiply.h"

using namespace cudnn;

namespace {
enum { IMPLICIT_GEMM = 0, IMPLICIT_PRECOMP_GEMM = 1, GEMM = 2, WINOGRAD = 6 };
enum { CROSS_CORRELATION = 1 };
struct Perf { int algorithm, status; float millis; size_t memory; int determinism, math, reserved[3]; };

bool fits(const Tensor* x, const Filter* f, const Convolution* v, const Tensor* y) {
    return x && f && v && y && x->type >= 0 && v->pad_h >= 0 && x->type == f->type && f->type == y->type && x->c == f->c * v->groups && y->c == f->k &&
           x->n == y->n && y->h == out_extent(x->h, v->pad_h, v->dilation_h, f->r, v->stride_h) &&
           y->w == out_extent(x->w, v->pad_w, v->dilation_w, f->s, v->stride_w);
}

// What an algorithm needs; negative: it cannot do this.
long workspace(const Tensor& x, const Filter& f, const Convolution& v, int algorithm) {
    if (v.groups != 1 || v.mode != CROSS_CORRELATION || v.type != FLOAT) return -1;
    // The real one has no tensor-core kernel for odd numbers of channels.
    if (x.type == HALF && v.math == TENSOR_OP_MATH && (f.c % 2 != 0 || f.k % 2 != 0)) return -1;
    bool winograd = f.r == 3 && f.s == 3 && v.stride_h == 1 && v.stride_w == 1 && v.dilation_h == 1 && v.dilation_w == 1;
    switch (algorithm) {
        case IMPLICIT_GEMM: return 0;
        case IMPLICIT_PRECOMP_GEMM: return 1024;
        case GEMM: return (long)x.h * x.w * f.c * f.r * f.s;
        case WINOGRAD: return winograd ? 16 * 1024 : -1;
        default: return -1;
    }
}

// What happens to a sum before it is written.
struct Finish {
    float alpha1 = 1, alpha2 = 0, beta = 0;
    Tensor z;
    const void *z_data = nullptr, *bias = nullptr;
    bool relu = false, keep_nan = true;
};

struct Call {
    Tensor x;
    const void* x_data;
    Filter f;
    const void* f_data;
    Convolution v;
    int algorithm;
    void* space;
    size_t room;
    Tensor y;
    void* y_data;
    Finish finish;

    int check() const;
    void run() const;

private:
    int height() const { return x.h + 2 * v.pad_h; }
    int width() const { return x.w + 2 * v.pad_w; }
    template <class T>
    void pad(int n, float* out) const;
    template <class T>
    void run_typed() const;
    template <class T>
    void write(int n, int k, long first, long columns, const float* values) const;
};

int Call::check() const {
    if (int status = reach(x_data, extent(x), "an input")) return status;
    if (int status = reach(f_data, (size_t)f.k * f.c * f.r * f.s * size_of(f.type), "a filter")) return status;
    if (int status = reach(y_data, extent(y), "an output")) return status;
    if (finish.bias)
        if (int status = reach(finish.bias, f.k * size_of(f.type), "a bias")) return status;
    if (finish.alpha2 != 0)
        if (int status = reach(finish.z_data, extent(finish.z), "a residual")) return status;
    long need = workspace(x, f, v, algorithm);
    if (need < 0) return NOT_SUPPORTED;
    if ((size_t)need > room) return BAD_PARAMETER;
    return need > 0 ? reach(space, need, "a workspace") : OK;
}

// Picture n as channels x height() x width().
template <class T>
void Call::pad(int n, float* out) const {
    const int H = height(), W = width();
    std::fill_n(out, (size_t)x.c * H * W, 0.0f);
    auto* in = (const T*)x_data;
    sw_parallel(x.h, [&](long h) {
        for (int c = 0; c < x.c; c++) {
            const T* from = in + at(x, n, c, (int)h, 0);
            float* to = out + ((size_t)c * H + h + v.pad_h) * W + v.pad_w;
            for (int w = 0; w < x.w; w++) to[w] = load(from, (size_t)w * x.sw);
        }
    });
}

template <class T>
void Call::write(int n, int k, long first, long columns, const float* values) const {
    const Finish& e = finish;
    const float bias = e.bias ? load((const T*)e.bias, k) : 0;
    int oy = (int)(first / y.w), ox = (int)(first % y.w);
    for (long j = 0; j < columns; j++) {
        const size_t to = at(y, n, k, oy, ox);
        float value = e.alpha1 * values[j] + bias;
        if (e.alpha2 != 0) value += e.alpha2 * load((const T*)e.z_data, at(e.z, n, k, oy, ox));
        if (e.beta != 0) value += e.beta * load((const T*)y_data, to);
        if (e.relu) value = relu(value, e.keep_nan);
        store((T*)y_data, to, value);
        if (++ox == y.w) ox = 0, oy++;
    }
}

template <class T>
void Call::run_typed() const {
    const long window = (long)f.r * f.s, depth = f.c * window, pixels = (long)y.h * y.w;
    auto* filter = (const T*)f_data;
    product::Left filters(f.k, depth, [&](long k, long i) {
        return load(filter, f.format == NCHW ? k * depth + i : (k * window + i % window) * f.c + i / window);
    });
    const int H = height(), W = width();
    std::vector<size_t> taps(depth);  // element i of a patch lies so far behind its first
    for (long i = 0; i < depth; i++)
        taps[i] = (i / window * H + i % window / f.s * v.dilation_h) * W + i % f.s * v.dilation_w;
    std::unique_ptr<float[]> picture(new float[(size_t)x.c * H * W]);
    for (int n = 0; n < x.n; n++) {
        pad<T>(n, picture.get());
        auto pack = [&](long first, long columns, float* out) {
            size_t corner[product::COLUMNS];
            for (long j = 0; j < columns; j++)
                corner[j] = (first + j) / y.w * v.stride_h * W + (first + j) % y.w * v.stride_w;
            const bool row = columns == product::COLUMNS && corner[columns - 1] - corner[0] == (size_t)columns - 1;
            for (long i = 0; i < depth; i++, out += product::COLUMNS) {
                const float* from = picture.get() + taps[i];
                if (row) memcpy(out, from + corner[0], product::COLUMNS * sizeof(float));
                else for (long j = 0; j < columns; j++) out[j] = from[corner[j]];
            }
        };
        product::multiply(filters, pixels, pack, [&](long k, long first, long columns, const float* values) {
            write<T>(n, (int)k, first, columns, values);
        });
    }
}

void Call::run() const {
    long need = workspace(x, f, v, algorithm);
    if (need > 0) memset(space, 0x77, need);  // whoever keeps something there will see
    if (x.type == HALF) run_typed<__half>();
    else run_typed<float>();
}

int submit(const Handle* handle, const Call& call) {
    if (call.x_data == call.y_data) {
        sw_complain("a convolution was to write over its own input");
        return BAD_PARAMETER;
    }
    if ((uintptr_t)call.y_data % 16 != 0) {
        sw_complain("a convolution was to write to an address that is no multiple of 16");
        return BAD_PARAMETER;
    }
    return queue(handle, [=] { return call.check(); }, [=] { call.run(); });
}

// All that can be done, best first; one that `room` is too small for is answered as such.
void list(const Tensor& x, const Filter& f, const Convolution& v, size_t room, bool measured, int asked, int* given, Perf* perf) {
    *given = 0;
    for (int algorithm : {(int)WINOGRAD, (int)IMPLICIT_PRECOMP_GEMM, (int)IMPLICIT_GEMM, (int)GEMM}) {
        long need = workspace(x, f, v, algorithm);
        if (need < 0 || *given == asked) continue;
        bool enough = (size_t)need <= room;
        float millis = measured && enough ? 1.0f + *given : -1.0f;
        perf[(*given)++] = {algorithm, enough ? OK : BAD_PARAMETER, millis, (size_t)need, 1, v.math, {0, 0, 0}};
    }
    std::stable_sort(perf, perf + *given, [](const Perf& a, const Perf& b) { return a.status < b.status; });
}
}  // namespace

API int cudnnGetConvolution2dForwardOutputDim(Convolution* v, Tensor* x, Filter* f, int* n, int* c, int* h, int* w) {
    CALLED("cudnnGetConvolution2dForwardOutputDim");
    if (!v || !x || !f || x->type < 0 || f->type < 0 || v->pad_h < 0 || x->c != f->c * v->groups) return BAD_PARAMETER;
    *n = x->n;
    *c = f->k;
    *h = out_extent(x->h, v->pad_h, v->dilation_h, f->r, v->stride_h);
    *w = out_extent(x->w, v->pad_w, v->dilation_w, f->s, v->stride_w);
    return OK;
}

API int cudnnGetConvolutionForwardWorkspaceSize(Handle*, Tensor* x, Filter* f, Convolution* v, Tensor* y, int algorithm, size_t* size) {
    CALLED("cudnnGetConvolutionForwardWorkspaceSize");
    if (!fits(x, f, v, y)) return BAD_PARAMETER;
    long need = workspace(*x, *f, *v, algorithm);
    *size = need < 0 ? 0 : need;
    return need < 0 ? NOT_SUPPORTED : OK;
}

API int cudnnGetConvolutionForwardAlgorithm_v7(Handle*, Tensor* x, Filter* f, Convolution* v, Tensor* y, int asked, int* given, Perf* perf) {
    *given = 0;
    CALLED("cudnnGetConvolutionForwardAlgorithm_v7");
    if (!fits(x, f, v, y) || asked < 1) return BAD_PARAMETER;
    list(*x, *f, *v, SIZE_MAX, false, asked, given, perf);
    return OK;
}

API int cudnnFindConvolutionForwardAlgorithmEx(Handle* handle, Tensor* x, const void* x_data, Filter* f, const void* f_data, Convolution* v, Tensor* y,
                                               void* y_data, int asked, int* given, Perf* perf, void* space, size_t room) {
    *given = 0;  // JCuda reads it even if the call fails
    CALLED("cudnnFindConvolutionForwardAlgorithmEx");
    if (!fits(x, f, v, y) || asked < 1) return BAD_PARAMETER;
    if (sw_capturing(handle->stream)) {
        sw_complain("algorithms were to be measured on a stream that is being captured");
        return EXECUTION_FAILED;
    }
    if (room > 0)
        if (int status = reach(space, room, "a workspace")) return status;
    Call call{*x, x_data, *f, f_data, *v, IMPLICIT_GEMM, nullptr, 0, *y, y_data, {}};
    list(*x, *f, *v, room, true, asked, given, perf);
    if (*given == 0) return NOT_SUPPORTED;
    sw_drain();
    if (int status = call.check()) return status;
    if (room > 0) memset(space, 0x77, room);
    for (int n = 0; n < y->n; n++)  // the real one leaves there what it measured with
        for (int c = 0; c < y->c; c++)
            for (int h = 0; h < y->h; h++)
                for (int w = 0; w < y->w; w++) put(y_data, y->type == HALF, at(*y, n, c, h, w), -7);
    return OK;
}

API int cudnnConvolutionForward(Handle* handle, const float* alpha, Tensor* x, const void* x_data, Filter* f, const void* f_data, Convolution* v,
                                int algorithm, void* space, size_t room, const float* beta, Tensor* y, void* y_data) {
    CALLED("cudnnConvolutionForward");
    if (!handle || !alpha || !beta || !fits(x, f, v, y)) return BAD_PARAMETER;
    Call call{*x, x_data, *f, f_data, *v, algorithm, space, room, *y, y_data, {}};
    call.finish.alpha1 = *alpha;
    call.finish.beta = *beta;
    return submit(handle, call);
}

// y = activation(alpha1 conv(x) + alpha2 z + bias)
API int cudnnConvolutionBiasActivationForward(Handle* handle, const float* alpha1, Tensor* x, const void* x_data, Filter* f, const void* f_data,
                                              Convolution* v, int algorithm, void* space, size_t room, const float* alpha2, Tensor* z,
                                              const void* z_data, Tensor* b, const void* b_data, Activation* a, Tensor* y, void* y_data) {
    CALLED("cudnnConvolutionBiasActivationForward");
    if (!handle || !alpha1 || !alpha2 || !fits(x, f, v, y) || !b || !z || !a || a->mode < 0) return BAD_PARAMETER;
    if (b->type != y->type || b->c != y->c || b->n * b->h * b->w != 1 || !same_shape(*z, *y)) return BAD_PARAMETER;
    if (a->mode != RELU && a->mode != IDENTITY) return NOT_SUPPORTED;
    if (a->nan == PROPAGATE_NAN) return NOT_SUPPORTED;
    if (a->mode == IDENTITY && algorithm != IMPLICIT_PRECOMP_GEMM) return NOT_SUPPORTED;
    if (!b_data) return BAD_PARAMETER;
    Call call{*x, x_data, *f, f_data, *v, algorithm, space, room, *y, y_data, {}};
    call.finish = {*alpha1, *alpha2, 0, *z, z_data, b_data, a->mode == RELU, a->nan == PROPAGATE_NAN};
    return submit(handle, call);
}
