// Version 2: all threads of a block walk over the map side by side, then combine in shared memory.
__device__ float smaller(float a, float b) { return a != a || a < b ? a : b; }
__device__ float larger(float a, float b) { return a != a || a > b ? a : b; }

extern "C" __global__ void minmax(const float* maps, int k, long long elements, float* range) {
    __shared__ float lows[1024], highs[1024];
    const float* map = maps + blockIdx.x * elements;
    int t = threadIdx.x;
    float low = map[0], high = map[0];
    for (long long i = t; i < elements; i += blockDim.x) { // neighbours read neighbours
        low = smaller(low, map[i]);
        high = larger(high, map[i]);
    }
    lows[t] = low;
    highs[t] = high;
    // Halves fold onto each other; a block need not be a power of two.
    for (int n = blockDim.x; n > 1; n = (n + 1) / 2) {
        __syncthreads();
        int half = (n + 1) / 2;
        if (t < n - half) {
            lows[t] = smaller(lows[t], lows[t + half]);
            highs[t] = larger(highs[t], highs[t + half]);
        }
    }
    if (t == 0) { // wrote both last itself
        range[2 * blockIdx.x] = lows[0];
        range[2 * blockIdx.x + 1] = highs[0];
    }
}
