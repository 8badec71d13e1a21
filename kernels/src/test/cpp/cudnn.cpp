// cuDNN's handle and descriptors.
#include "cudnn.h"

#include <algorithm>
#include <climits>

using namespace cudnn;

static long objects = 0;
API long sw_live_cudnn() { return objects; }

#define CREATE(what, type)                        \
    API int cudnnCreate##what(type** d) {         \
        CALLED("cudnnCreate" #what);              \
        __atomic_fetch_add(&objects, 1, 0);       \
        *d = new type();                          \
        return OK;                                \
    }                                             \
    API int cudnnDestroy##what(type* d) {         \
        CALLED("cudnnDestroy" #what);             \
        if (d) __atomic_fetch_sub(&objects, 1, 0); \
        delete d;                                 \
        return OK;                                \
    }
CREATE(, Handle)
CREATE(TensorDescriptor, Tensor)
CREATE(FilterDescriptor, Filter)
CREATE(ConvolutionDescriptor, Convolution)
CREATE(ActivationDescriptor, Activation)
CREATE(PoolingDescriptor, Pooling)

API int cudnnSetStream(Handle* h, void* stream) {
    CALLED("cudnnSetStream");
    if (!h) return BAD_PARAMETER;
    h->stream = stream;
    return OK;
}
API int cudnnGetStream(Handle* h, void** stream) {
    CALLED("cudnnGetStream");
    if (!h) return BAD_PARAMETER;
    *stream = h->stream;
    return OK;
}
API size_t cudnnGetVersion() { return 90100; }
API size_t cudnnGetCudartVersion() { return 13000; }
API const char* cudnnGetErrorString(int status) {
    switch (status) {
        case OK: return "CUDNN_STATUS_SUCCESS";
        case 1001: return "CUDNN_STATUS_NOT_INITIALIZED";
        case BAD_PARAMETER: return "CUDNN_STATUS_BAD_PARAM";
        case NOT_SUPPORTED: return "CUDNN_STATUS_NOT_SUPPORTED";
        case 4000: return "CUDNN_STATUS_INTERNAL_ERROR";
        case EXECUTION_FAILED: return "CUDNN_STATUS_EXECUTION_FAILED";
        default: return "CUDNN_STATUS_ANOTHER";
    }
}

API int cudnnSetTensor4dDescriptorEx(Tensor* t, int type, int n, int c, int h, int w, int sn, int sc, int sh, int sw) {
    CALLED("cudnnSetTensor4dDescriptor");
    if (!t || (type != FLOAT && type != HALF) || std::min({n, c, h, w, sn, sc, sh, sw}) < 1) return BAD_PARAMETER;
    if ((long)n * sn > INT_MAX) return NOT_SUPPORTED;
    *t = {type, n, c, h, w, sn, sc, sh, sw};
    return OK;
}
API int cudnnSetTensor4dDescriptor(Tensor* t, int format, int type, int n, int c, int h, int w) {
    if (format == NCHW) return cudnnSetTensor4dDescriptorEx(t, type, n, c, h, w, c * h * w, h * w, w, 1);
    if (format == NHWC) return cudnnSetTensor4dDescriptorEx(t, type, n, c, h, w, c * h * w, 1, w * c, c);
    return BAD_PARAMETER;
}
API int cudnnSetFilter4dDescriptor(Filter* f, int type, int format, int k, int c, int r, int s) {
    CALLED("cudnnSetFilter4dDescriptor");
    if (!f || (type != FLOAT && type != HALF) || (format != NCHW && format != NHWC) || std::min({k, c, r, s}) < 1) return BAD_PARAMETER;
    *f = {type, format, k, c, r, s};
    return OK;
}
API int cudnnSetConvolution2dDescriptor(Convolution* v, int ph, int pw, int sh, int sw, int dh, int dw, int mode, int type) {
    CALLED("cudnnSetConvolution2dDescriptor");
    if (!v || std::min({sh, sw, dh, dw}) < 1 || std::min(ph, pw) < 0 || mode < 0 || mode > 1) return BAD_PARAMETER;
    *v = {ph, pw, sh, sw, dh, dw, mode, type, v->math, v->groups};
    return OK;
}
API int cudnnSetConvolutionMathType(Convolution* v, int math) {
    CALLED("cudnnSetConvolutionMathType");
    if (!v || math < 0 || math > 3) return BAD_PARAMETER;
    v->math = math;
    return OK;
}
API int cudnnSetConvolutionGroupCount(Convolution* v, int groups) {
    CALLED("cudnnSetConvolutionGroupCount");
    if (!v || groups < 1) return BAD_PARAMETER;
    v->groups = groups;
    return OK;
}
API int cudnnSetActivationDescriptor(Activation* a, int mode, int nan, double coefficient) {
    CALLED("cudnnSetActivationDescriptor");
    if (!a || mode < 0 || mode > 6 || nan < 0 || nan > 1) return BAD_PARAMETER;
    *a = {mode, nan, coefficient};
    return OK;
}
API int cudnnSetPooling2dDescriptor(Pooling* p, int mode, int nan, int h, int w, int ph, int pw, int sh, int sw) {
    CALLED("cudnnSetPooling2dDescriptor");
    if (!p || mode < 0 || mode > 3 || std::min({h, w, sh, sw}) < 1 || std::min(ph, pw) < 0 || ph >= h || pw >= w) return BAD_PARAMETER;
    *p = {mode, nan, h, w, ph, pw, sh, sw};
    return OK;
}
