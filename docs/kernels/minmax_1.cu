// Version 1, plain: one thread a block walks over a whole map.
extern "C" __global__ void minmax(const float* maps, int k, long long elements, float* range) {
    if (threadIdx.x != 0) return;
    const float* map = maps + blockIdx.x * elements;
    float low = map[0], high = map[0];
    for (long long i = 1; i < elements; i++) {
        float v = map[i];
        low = low != low || low < v ? low : v; // a NaN wins and stays
        high = high != high || high > v ? high : v;
    }
    range[2 * blockIdx.x] = low;
    range[2 * blockIdx.x + 1] = high;
}
