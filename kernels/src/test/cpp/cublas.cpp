// The part of cuBLAS that the project uses: C = alpha op(A) op(B) + beta C, column-major, float or half.
#include <cstring>
#include <vector>

#include "numbers.h"
#include "software.h"

enum { OK = 0, INVALID_VALUE = 7, EXECUTION_FAILED = 13, NOT_SUPPORTED = 15 };
enum { R_32F = 0, R_16F = 2 };
enum { COMPUTE_32F = 68, COMPUTE_32F_PEDANTIC = 69, COMPUTE_32F_FAST_TF32 = 77 };

namespace {
struct Handle {
    void* stream = nullptr;
    int math = 0;
};
long objects = 0;

struct Matrix {
    const void* data;
    bool half, transposed;
    long rows, columns, stride;  // as stored
    size_t bytes() const { return (stride * (columns - 1) + rows) * (half ? 2 : 4); }
    // op(M) in row-major float
    std::vector<float> dense(long r, long c) const {
        std::vector<float> out((size_t)r * c);
        for (long i = 0; i < r; i++)
            for (long j = 0; j < c; j++) out[i * c + j] = get(data, half, transposed ? i * stride + j : j * stride + i);
        return out;
    }
};

bool type(int t) { return t == R_32F || t == R_16F; }
}  // namespace

API long sw_live_cublas() { return objects; }

API int cublasCreate_v2(Handle** h) { CALLED("cublasCreate"); objects++; *h = new Handle; return OK; }
API int cublasDestroy_v2(Handle* h) { objects--; delete h; return OK; }
API int cublasSetStream_v2(Handle* h, void* stream) { h->stream = stream; return OK; }
API int cublasGetVersion_v2(Handle*, int* version) { *version = 120600; return OK; }
API int cublasSetMathMode(Handle* h, int mode) { h->math = mode; return OK; }
API int cublasSetWorkspace_v2(Handle*, void* space, size_t bytes) {
    CALLED("cublasSetWorkspace");
    return bytes == 0 || sw_inside((Address)space, bytes) ? OK : INVALID_VALUE;
}
API const char* cublasGetStatusString(int status) {
    return status == OK ? "CUBLAS_STATUS_SUCCESS" : status == INVALID_VALUE ? "CUBLAS_STATUS_INVALID_VALUE" : "CUBLAS_STATUS_ANOTHER";
}

API int cublasGemmEx(Handle* handle, int ta, int tb, int m, int n, int k, const void* alpha, const void* A, int at, int lda, const void* B, int bt,
                     int ldb, const void* beta, void* C, int ct, int ldc, int compute, int) {
    CALLED("cublasGemmEx");
    if (compute != COMPUTE_32F && compute != COMPUTE_32F_PEDANTIC && compute != COMPUTE_32F_FAST_TF32) return NOT_SUPPORTED;
    if (!type(at) || at != bt || !type(ct) || (at == R_32F && ct == R_16F)) return NOT_SUPPORTED;
    if (m < 1 || n < 1 || k < 1 || lda < (ta ? k : m) || ldb < (tb ? n : k) || ldc < m) return INVALID_VALUE;
    Matrix a = {A, at == R_16F, ta != 0, ta ? k : m, ta ? m : k, lda};
    Matrix b = {B, bt == R_16F, tb != 0, tb ? n : k, tb ? k : n, ldb};
    Matrix c = {C, ct == R_16F, false, m, n, ldc};
    if (!sw_inside((Address)A, a.bytes()) || !sw_inside((Address)B, b.bytes()) || !sw_inside((Address)C, c.bytes())) {
        sw_complain("cuBLAS was given a matrix that reaches beyond an allocation");
        return EXECUTION_FAILED;
    }
    float scale = *(const float*)alpha, keep = *(const float*)beta;
    return sw_enqueue(handle->stream, [=] {
        std::vector<float> left = a.dense(m, k);
        Matrix turned = b;
        turned.transposed = !b.transposed;
        std::vector<float> right = turned.dense(n, k);  // op(B) transposed: both rows run along k
        for (long j = 0; j < n; j++)
            for (long i = 0; i < m; i++) {
                double sum = 0;
                for (long l = 0; l < k; l++) sum += left[i * k + l] * right[j * k + l];
                float value = (float)(scale * sum) + (keep != 0 ? keep * get(C, c.half, j * ldc + i) : 0);
                put(C, c.half, j * ldc + i, value);
            }
        return (int)OK;
    });
}
