// C = A B in float for matrices of any form: A (m x k) is packed once, B (k x n) in strips of columns, and every strip
// of C is handed over when it is done. Sums are made in pieces of SPAN terms, so that long ones stay accurate.
#pragma once
#include <algorithm>
#include <cstring>
#include <memory>
#include <vector>

#include "software.h"

namespace product {
inline constexpr long ROWS = 6, COLUMNS = 16, SPAN = 256;  // a tile of 6 x 16 fills AVX2's registers
inline constexpr long STRIP_FLOATS = 64 * 1024;            // B's strip stays in the second-level cache
typedef float Vector __attribute__((vector_size(32), aligned(4)));

// A in panels of ROWS rows, k after k.
class Left {
public:
    const long m, k;

    // load(row, column)
    template <class Load>
    Left(long m, long k, Load load) : m(m), k(k), values(new float[m * k]) {
        sw_parallel((m + ROWS - 1) / ROWS, [&](long panel) {
            long first = panel * ROWS, rows = std::min(ROWS, m - first);
            float* to = values.get() + first * k;
            for (long r = 0; r < rows; r++)
                for (long l = 0; l < k; l++) to[l * rows + r] = load(first + r, l);
        });
    }

    const float* panel(long first) const { return values.get() + first * k; }

private:
    std::unique_ptr<float[]> values;
};

template <int R>
void tile(long k, const float* a, const float* b, float* c) {
    Vector total[R][2] = {};
    for (long from = 0; from < k; from += SPAN) {
        Vector sum[R][2] = {};
        for (long l = from, end = std::min(k, from + SPAN); l < end; l++) {
            const Vector low = *(const Vector*)(b + l * COLUMNS), high = *(const Vector*)(b + l * COLUMNS + 8);
            for (int r = 0; r < R; r++) {
                sum[r][0] += a[l * R + r] * low;
                sum[r][1] += a[l * R + r] * high;
            }
        }
        for (int r = 0; r < R; r++) total[r][0] += sum[r][0], total[r][1] += sum[r][1];
    }
    std::memcpy(c, total, sizeof total);
}

inline void tile(long rows, long k, const float* a, const float* b, float* c) {
    switch (rows) {
        case 1: return tile<1>(k, a, b, c);
        case 2: return tile<2>(k, a, b, c);
        case 3: return tile<3>(k, a, b, c);
        case 4: return tile<4>(k, a, b, c);
        case 5: return tile<5>(k, a, b, c);
        default: return tile<6>(k, a, b, c);
    }
}

// pack(first, columns, out): B's columns first ... first + columns - 1 as out[l COLUMNS + j]; the rest of out is zero.
// finish(row, first, columns, values): as many elements of C, side by side.
template <class Pack, class Finish>
void multiply(const Left& a, long n, Pack pack, Finish finish) {
    const long tiles = (n + COLUMNS - 1) / COLUMNS;
    const long fitting = std::max(1L, STRIP_FLOATS / std::max(1L, a.k * COLUMNS));
    const long strip = std::min(fitting, (tiles + 7) / 8);  // at least 8 strips, to be shared out
    sw_parallel((tiles + strip - 1) / strip, [&](long s) {
        const long first = s * strip, count = std::min(strip, tiles - first);
        std::unique_ptr<float[]> b(new float[count * a.k * COLUMNS]());
        auto columns = [&](long t) { return std::min(COLUMNS, n - (first + t) * COLUMNS); };
        for (long t = 0; t < count; t++) pack((first + t) * COLUMNS, columns(t), b.get() + t * a.k * COLUMNS);
        float c[ROWS * COLUMNS];
        for (long row = 0; row < a.m; row += ROWS) {
            const long rows = std::min(ROWS, a.m - row);
            for (long t = 0; t < count; t++) {
                tile(rows, a.k, a.panel(row), b.get() + t * a.k * COLUMNS, c);
                for (long r = 0; r < rows; r++) finish(row + r, (first + t) * COLUMNS, columns(t), c + r * COLUMNS);
            }
        }
    });
}
}  // namespace product
