// The gradient of a convolution by its input, a tap at a time: what an output element got from an input element through
// a tap of the filter, its gradient gives back through the same tap. Sums are float, in a fixed order.
#include <cstring>
#include <memory>

#include "cudnn.h"

using namespace cudnn;

namespace {
enum { ALGO_0 = 0, ALGO_1 = 1, WINOGRAD = 4 };
enum { CROSS_CORRELATION = 1 };

bool fits(const Filter* f, const Tensor* dy, const Convolution* v, const Tensor* dx) {
    return f && dy && v && dx && dx->type >= 0 && v->pad_h >= 0 && dx->type == f->type && f->type == dy->type && dx->c == f->c * v->groups &&
           dy->c == f->k && dx->n == dy->n && dy->h == out_extent(dx->h, v->pad_h, v->dilation_h, f->r, v->stride_h) &&
           dy->w == out_extent(dx->w, v->pad_w, v->dilation_w, f->s, v->stride_w);
}

// What an algorithm needs; negative: it cannot do this.
long workspace(const Filter& f, const Convolution& v, int algorithm) {
    if (v.groups != 1 || v.mode != CROSS_CORRELATION || v.type != FLOAT) return -1;
    bool winograd = f.r == 3 && f.s == 3 && v.stride_h == 1 && v.stride_w == 1 && v.dilation_h == 1 && v.dilation_w == 1;
    switch (algorithm) {
        case ALGO_0: return 0;
        case ALGO_1: return 2048 + (long)f.c * f.r * f.s;
        case WINOGRAD: return winograd ? 16 * 1024 : -1;
        default: return -1;
    }
}

struct Call {
    Filter f;
    const void* f_data;
    Tensor dy;
    const void* dy_data;
    Convolution v;
    int algorithm;
    void* space;
    size_t room;
    Tensor dx;
    void* dx_data;
    float alpha, beta;

    int check() const;
    void run() const;

private:
    float weight(int k, int c, int r, int s) const {
        size_t i = f.format == NCHW ? (((size_t)k * f.c + c) * f.r + r) * f.s + s : (((size_t)k * f.r + r) * f.s + s) * f.c + c;
        return get(f_data, f.type == HALF, i);
    }
    void tap(int n, int k, int r, int s, float weight, float* plane) const;
    void plane(int n, int c) const;
};

int Call::check() const {
    if (int status = reach(f_data, (size_t)f.k * f.c * f.r * f.s * size_of(f.type), "a filter")) return status;
    if (int status = reach(dy_data, extent(dy), "a gradient")) return status;
    if (int status = reach(dx_data, extent(dx), "an output")) return status;
    long need = workspace(f, v, algorithm);
    if (need < 0) return NOT_SUPPORTED;
    if ((size_t)need > room) return BAD_PARAMETER;
    return need > 0 ? reach(space, need, "a workspace") : OK;
}

void Call::tap(int n, int k, int r, int s, float weight, float* plane) const {
    for (int oy = 0; oy < dy.h; oy++) {
        int h = oy * v.stride_h - v.pad_h + r * v.dilation_h;
        if (h < 0 || h >= dx.h) continue;
        for (int ox = 0; ox < dy.w; ox++) {
            int w = ox * v.stride_w - v.pad_w + s * v.dilation_w;
            if (w >= 0 && w < dx.w) plane[(size_t)h * dx.w + w] += weight * get(dy_data, dy.type == HALF, at(dy, n, k, oy, ox));
        }
    }
}

void Call::plane(int n, int c) const {
    std::unique_ptr<float[]> sums(new float[(size_t)dx.h * dx.w]());
    for (int k = 0; k < f.k; k++)
        for (int r = 0; r < f.r; r++)
            for (int s = 0; s < f.s; s++) tap(n, k, r, s, weight(k, c, r, s), sums.get());
    for (int h = 0; h < dx.h; h++)
        for (int w = 0; w < dx.w; w++) {
            const size_t to = at(dx, n, c, h, w);
            float value = alpha * sums[(size_t)h * dx.w + w];
            if (beta != 0) value += beta * get(dx_data, dx.type == HALF, to);
            put(dx_data, dx.type == HALF, to, value);
        }
}

void Call::run() const {
    long need = workspace(f, v, algorithm);
    if (need > 0) memset(space, 0x77, need);  // whoever keeps something there will see
    sw_parallel((long)dx.n * dx.c, [&](long i) { plane((int)(i / dx.c), (int)(i % dx.c)); });
}
}  // namespace

API int cudnnGetConvolutionBackwardDataWorkspaceSize(Handle*, Filter* f, Tensor* dy, Convolution* v, Tensor* dx, int algorithm, size_t* size) {
    CALLED("cudnnGetConvolutionBackwardDataWorkspaceSize");
    if (!fits(f, dy, v, dx)) return BAD_PARAMETER;
    long need = workspace(*f, *v, algorithm);
    *size = need < 0 ? 0 : need;
    return need < 0 ? NOT_SUPPORTED : OK;
}

API int cudnnConvolutionBackwardData(Handle* handle, const float* alpha, Filter* f, const void* f_data, Tensor* dy, const void* dy_data, Convolution* v,
                                     int algorithm, void* space, size_t room, const float* beta, Tensor* dx, void* dx_data) {
    CALLED("cudnnConvolutionBackwardData");
    if (!handle || !alpha || !beta || !fits(f, dy, v, dx)) return BAD_PARAMETER;
    if (dy_data == dx_data) {
        sw_complain("a convolution's gradient was to be written over what it is made from");
        return BAD_PARAMETER;
    }
    Call call{*f, f_data, *dy, dy_data, *v, algorithm, space, room, *dx, dx_data, *alpha, *beta};
    return queue(handle, [=] { return call.check(); }, [=] { call.run(); });
}
