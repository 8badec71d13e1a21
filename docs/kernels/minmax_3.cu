// Version 3: 16 bytes a load, four loads in flight, and warps that combine without shared memory.
__device__ float smaller(float a, float b) { return a != a || a < b ? a : b; }
__device__ float larger(float a, float b) { return a != a || a > b ? a : b; }

struct Range {
    float low, high;
    __device__ void add(float v) {
        low = smaller(low, v);
        high = larger(high, v);
    }
    __device__ void add(float4 v) {
        add(v.x);
        add(v.y);
        add(v.z);
        add(v.w);
    }
};

__device__ void combine_lanes(Range& r) {
    for (int offset = 16; offset > 0; offset /= 2) {
        r.low = smaller(r.low, __shfl_xor_sync(0xffffffffu, r.low, offset));
        r.high = larger(r.high, __shfl_xor_sync(0xffffffffu, r.high, offset));
    }
}

extern "C" __global__ void minmax(const float* maps, int k, long long elements, float* range) {
    __shared__ float lows[32], highs[32];
    const float* map = maps + blockIdx.x * elements;
    int t = threadIdx.x, threads = blockDim.x;
    Range r = {map[0], map[0]};
    if (elements % 4 == 0) { // then every map begins at a multiple of 16 bytes
        const float4* quads = (const float4*)map;
        long long n = elements / 4, i = t;
        for (; i + 3ll * threads < n; i += 4ll * threads) {
            float4 a = quads[i], b = quads[i + threads], c = quads[i + 2 * threads], d = quads[i + 3 * threads];
            r.add(a);
            r.add(b);
            r.add(c);
            r.add(d);
        }
        for (; i < n; i += threads) r.add(quads[i]);
    } else {
        for (long long i = t; i < elements; i += threads) r.add(map[i]);
    }
    combine_lanes(r);
    if (t % 32 == 0) {
        lows[t / 32] = r.low;
        highs[t / 32] = r.high;
    }
    __syncthreads();
    if (t >= 32) return;
    int warps = threads / 32;
    Range all = {lows[t < warps ? t : 0], highs[t < warps ? t : 0]};
    combine_lanes(all);
    if (t == 0) {
        range[2 * blockIdx.x] = all.low;
        range[2 * blockIdx.x + 1] = all.high;
    }
}
