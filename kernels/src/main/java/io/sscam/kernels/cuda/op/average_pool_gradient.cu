// out[c, y, x] = sum of gradient[c, i, j] / (elements of the cell) over the cells (i, j) that hold (y, x), in C order.
// Cell i of oh holds rows floor(i h/oh) ... ceil((i+1) h/oh) - 1, columns likewise; cells may overlap.
// out (c, h, w), gradient (c, oh, ow), both float32, at any address.
// Grid: a thread an element of out. Bytes: 4 c h w + 4 c oh ow.
#include "common.cuh"

__device__ __forceinline__ int cell_start(int cell, int extent, int cells) { return (int)((i64)cell * extent / cells); }

// One beyond the cell's last element.
__device__ __forceinline__ int cell_end(int cell, int extent, int cells) {
    return (int)(((i64)(cell + 1) * extent + cells - 1) / cells);
}

__device__ __forceinline__ int cell_size(int cell, int extent, int cells) {
    return cell_end(cell, extent, cells) - cell_start(cell, extent, cells);
}

extern "C" __global__ void average_pool_gradient(const float* gradient, int c, int h, int w, int oh, int ow, float* out) {
    i64 area = (i64)h * w, total = c * area;
    for (i64 e = thread_index(); e < total; e += thread_count()) {
        i64 plane = e / area;
        int own = (int)(e - plane * area), y = own / w, x = own - y * w;
        // The cells that hold an element follow from the same formulas, cells and elements exchanged.
        int top = cell_start(y, oh, h), bottom = cell_end(y, oh, h);
        int left = cell_start(x, ow, w), right = cell_end(x, ow, w);
        float sum = 0.0f;
        for (int i = top; i < bottom; i++)
            for (int j = left; j < right; j++)
                sum += gradient[(plane * oh + i) * ow + j] / (cell_size(i, h, oh) * cell_size(j, w, ow));
        out[e] = sum;
    }
}
EMU_KERNEL(average_pool_gradient)
