// Max pooling, activations and additions.
#include <algorithm>
#include <cmath>

#include "cudnn.h"

using namespace cudnn;

namespace {
enum { MAX = 0, MAX_DETERMINISTIC = 3 };

struct Operand {
    Tensor shape;
    const void* data;
    float get(int n, int c, int h, int w) const { return ::get(data, shape.type == HALF, at(shape, n, c, h, w)); }
};

// to(n, c, h, w) = value(n, c, h, w)
template <class Value>
void each(const Tensor& to, void* data, Value value) {
    sw_parallel((long)to.n * to.c, [&](long plane) {
        int n = (int)(plane / to.c), c = (int)(plane % to.c);
        for (int h = 0; h < to.h; h++)
            for (int w = 0; w < to.w; w++) put(data, to.type == HALF, at(to, n, c, h, w), value(n, c, h, w));
    });
}

float largest(const Pooling& p, const Operand& x, int n, int c, int oy, int ox) {
    const int top = oy * p.stride_h - p.pad_h, left = ox * p.stride_w - p.pad_w;
    float best = -INFINITY;
    for (int h = std::max(0, top); h < std::min(x.shape.h, top + p.h); h++)
        for (int w = std::max(0, left); w < std::min(x.shape.w, left + p.w); w++) {
            float value = x.get(n, c, h, w);
            if (value > best || (p.nan == PROPAGATE_NAN && value != value)) best = value;
        }
    return best;
}
}  // namespace

API int cudnnGetPooling2dForwardOutputDim(Pooling* p, Tensor* x, int* n, int* c, int* h, int* w) {
    CALLED("cudnnGetPooling2dForwardOutputDim");
    if (!p || !x || p->mode < 0 || x->type < 0) return BAD_PARAMETER;
    *n = x->n;
    *c = x->c;
    *h = out_extent(x->h, p->pad_h, 1, p->h, p->stride_h);
    *w = out_extent(x->w, p->pad_w, 1, p->w, p->stride_w);
    return OK;
}

API int cudnnPoolingForward(Handle* handle, Pooling* p, const float* alpha, Tensor* x, const void* x_data, const float* beta, Tensor* y, void* y_data) {
    CALLED("cudnnPoolingForward");
    if (!handle || !p || !x || !y || p->mode < 0 || x->type < 0 || y->type < 0) return BAD_PARAMETER;
    if (p->mode != MAX && p->mode != MAX_DETERMINISTIC) return sw_unknown("average pooling of cuDNN", NOT_SUPPORTED);
    if (*alpha != 1 || *beta != 0) return sw_unknown("scaled pooling of cuDNN", NOT_SUPPORTED);
    if (x->type != y->type || x->n != y->n || x->c != y->c) return BAD_PARAMETER;
    if (y->h != out_extent(x->h, p->pad_h, 1, p->h, p->stride_h) || y->w != out_extent(x->w, p->pad_w, 1, p->w, p->stride_w)) return BAD_PARAMETER;
    Operand in{*x, x_data};
    return queue(
        handle,
        [=, y = *y] {
            int status = reach(in.data, extent(in.shape), "an input");
            return status ? status : reach(y_data, extent(y), "an output");
        },
        [=, p = *p, y = *y] { each(y, y_data, [&](int n, int c, int h, int w) { return largest(p, in, n, c, h, w); }); });
}

// y = alpha activation(x) + beta y; y may be x
API int cudnnActivationForward(Handle* handle, Activation* a, const float* alpha, Tensor* x, const void* x_data, const float* beta, Tensor* y, void* y_data) {
    CALLED("cudnnActivationForward");
    if (!handle || !a || !x || !y || a->mode < 0 || x->type < 0 || !same_shape(*x, *y)) return BAD_PARAMETER;
    if (x_data == y_data && (x->sn != y->sn || x->sc != y->sc || x->sh != y->sh || x->sw != y->sw)) return BAD_PARAMETER;
    if (a->mode == IDENTITY) return BAD_PARAMETER;  // the real one has it for fused calls only
    if (a->mode != RELU) return sw_unknown("an activation other than ReLU", NOT_SUPPORTED);
    Operand in{*x, x_data}, out{*y, y_data};
    const float scale = *alpha, keep = *beta;
    const bool nan = a->nan == PROPAGATE_NAN;
    return queue(
        handle,
        [=] {
            int status = reach(in.data, extent(in.shape), "an input");
            return status ? status : reach(y_data, extent(out.shape), "an output");
        },
        [=] {
            each(out.shape, y_data, [&](int n, int c, int h, int w) {
                float value = scale * relu(in.get(n, c, h, w), nan);
                return keep != 0 ? value + keep * out.get(n, c, h, w) : value;
            });
        });
}

// c = alpha a + beta c; an extent of a may be 1
API int cudnnAddTensor(Handle* handle, const float* alpha, Tensor* a, const void* a_data, const float* beta, Tensor* c, void* c_data) {
    CALLED("cudnnAddTensor");
    if (!handle || !a || !c || a->type < 0 || a->type != c->type) return BAD_PARAMETER;
    if ((a->n != c->n && a->n != 1) || (a->c != c->c && a->c != 1) || (a->h != c->h && a->h != 1) || (a->w != c->w && a->w != 1)) return BAD_PARAMETER;
    Operand in{*a, a_data}, out{*c, c_data};
    const float scale = *alpha, keep = *beta;
    return queue(
        handle,
        [=] {
            int status = reach(in.data, extent(in.shape), "an input");
            return status ? status : reach(c_data, extent(out.shape), "an output");
        },
        [=] {
            const Tensor& s = in.shape;
            each(out.shape, c_data, [&](int n, int k, int h, int w) {
                float value = scale * in.get(std::min(n, s.n - 1), std::min(k, s.c - 1), std::min(h, s.h - 1), std::min(w, s.w - 1));
                return keep != 0 ? value + keep * out.get(n, k, h, w) : value;
            });
        });
}
