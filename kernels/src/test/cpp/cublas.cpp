// The part of cuBLAS that the project uses: C = alpha op(A) op(B) + beta C, column-major, float or half.
#include "multiply.h"
#include "numbers.h"
#include "software.h"

namespace {
constexpr int NOT_INITIALISED_HANDLE = 1, INVALID_VALUE = 7, EXECUTION_FAILED = 13, NOT_SUPPORTED = 15;
enum { R_32F = 0, R_16F = 2 };
enum { COMPUTE_32F = 68, COMPUTE_32F_PEDANTIC = 69, COMPUTE_32F_FAST_TF32 = 77 };

struct Handle {
    void* stream = nullptr;
    int math = 0;
};
long objects = 0;

// op(M), rows x columns
struct Matrix {
    const void* data;
    bool half, transposed;
    long rows, columns, stride;

    float get(long i, long j) const { return ::get(data, half, transposed ? i * stride + j : j * stride + i); }
    bool reachable() const {
        long tall = transposed ? columns : rows, wide = transposed ? rows : columns;
        return wide == 0 || tall == 0 || sw_inside((Address)data, (stride * (wide - 1) + tall) * (half ? 2 : 4));
    }
};

struct Gemm {
    Matrix a, b, c;
    float alpha, beta;

    int check() const {
        if (a.reachable() && b.reachable() && c.reachable()) return OK;
        sw_complain("cuBLAS was given a matrix that reaches beyond an allocation");
        return EXECUTION_FAILED;
    }

    // C's columns are rows of the product op(B)^T op(A)^T: few of them for a layer on a batch, and packed once.
    void run() const {
        product::Left left(b.columns, b.rows, [&](long j, long l) { return b.get(l, j); });
        auto pack = [&](long first, long columns, float* out) {
            for (long j = 0; j < columns; j++)
                for (long l = 0; l < a.columns; l++) out[l * product::COLUMNS + j] = a.get(first + j, l);
        };
        product::multiply(left, a.rows, pack, [&](long j, long first, long columns, const float* values) {
            for (long i = 0; i < columns; i++) {
                float value = alpha * values[i];
                if (beta != 0) value += beta * c.get(first + i, j);
                put((void*)c.data, c.half, j * c.stride + first + i, value);
            }
        });
    }
};

bool type(int t) { return t == R_32F || t == R_16F; }
}  // namespace

API long sw_live_cublas() { return objects; }

API int cublasCreate_v2(Handle** h) {
    CALLED("cublasCreate");
    __atomic_fetch_add(&objects, 1, 0);
    *h = new Handle;
    return OK;
}
API int cublasDestroy_v2(Handle* h) {
    CALLED("cublasDestroy");
    if (!h) return NOT_INITIALISED_HANDLE;
    __atomic_fetch_sub(&objects, 1, 0);
    delete h;
    return OK;
}
API int cublasSetStream_v2(Handle* h, void* stream) {
    CALLED("cublasSetStream");
    h->stream = stream;
    return OK;
}
API int cublasGetVersion_v2(Handle*, int* version) {
    CALLED("cublasGetVersion");
    *version = 120600;
    return OK;
}
API int cublasSetMathMode(Handle* h, int mode) {
    CALLED("cublasSetMathMode");
    h->math = mode;
    return OK;
}
API int cublasSetWorkspace_v2(Handle*, void* space, size_t bytes) {
    CALLED("cublasSetWorkspace");
    return bytes == 0 || sw_inside((Address)space, bytes) ? OK : INVALID_VALUE;
}
API const char* cublasGetStatusString(int status) {
    switch (status) {
        case OK: return "CUBLAS_STATUS_SUCCESS";
        case NOT_INITIALISED_HANDLE: return "CUBLAS_STATUS_NOT_INITIALIZED";
        case 3: return "CUBLAS_STATUS_ALLOC_FAILED";
        case INVALID_VALUE: return "CUBLAS_STATUS_INVALID_VALUE";
        case EXECUTION_FAILED: return "CUBLAS_STATUS_EXECUTION_FAILED";
        case 14: return "CUBLAS_STATUS_INTERNAL_ERROR";
        case NOT_SUPPORTED: return "CUBLAS_STATUS_NOT_SUPPORTED";
        default: return "CUBLAS_STATUS_ANOTHER";
    }
}

static int gemm(Handle* handle, int ta, int tb, int m, int n, int k, const void* alpha, const void* A, int at, int lda, const void* B, int bt, int ldb,
                const void* beta, void* C, int ct, int ldc) {
    if (!handle) return NOT_INITIALISED_HANDLE;
    if (!type(at) || at != bt || !type(ct) || (at == R_32F && ct == R_16F)) return NOT_SUPPORTED;
    if (ta < 0 || ta > 2 || tb < 0 || tb > 2 || m < 0 || n < 0 || k < 0 || !alpha || !beta) return INVALID_VALUE;
    if (lda < std::max(1, ta ? k : m) || ldb < std::max(1, tb ? n : k) || ldc < std::max(1, m)) return INVALID_VALUE;
    if (m == 0 || n == 0) return OK;
    Gemm call = {{A, at == R_16F, ta != 0, m, k, lda}, {B, bt == R_16F, tb != 0, k, n, ldb}, {C, ct == R_16F, false, m, n, ldc},
                 *(const float*)alpha, *(const float*)beta};
    if (int status = call.check()) return status;
    int status = sw_enqueue(handle->stream, [=] {
        if (int late = call.check()) return late;
        call.run();
        return OK;
    });
    return status == OK ? OK : EXECUTION_FAILED;
}

API int cublasGemmEx(Handle* handle, int ta, int tb, int m, int n, int k, const void* alpha, const void* A, int at, int lda, const void* B, int bt,
                     int ldb, const void* beta, void* C, int ct, int ldc, int compute, int) {
    CALLED("cublasGemmEx");
    if (compute != COMPUTE_32F && compute != COMPUTE_32F_PEDANTIC && compute != COMPUTE_32F_FAST_TF32) return NOT_SUPPORTED;
    return gemm(handle, ta, tb, m, n, k, alpha, A, at, lda, B, bt, ldb, beta, C, ct, ldc);
}
API int cublasSgemm_v2(Handle* handle, int ta, int tb, int m, int n, int k, const float* alpha, const float* A, int lda, const float* B, int ldb,
                       const float* beta, float* C, int ldc) {
    CALLED("cublasSgemm");
    return gemm(handle, ta, tb, m, n, k, alpha, A, R_32F, lda, B, R_32F, ldb, beta, C, R_32F, ldc);
}
