// Runs every kernel on the CPU over awkward sizes, on heap blocks of exactly the size it is given, with its threads in
// different orders. Built with AddressSanitizer and UndefinedBehaviourSanitizer, which end the program at the first
// finding; it fails itself where an order gives another result, where an element stays unwritten, and where a kernel
// has no case here.
//
//   check_kernels           all kernels
//   check_kernels NAME      one of those that are wrong on purpose, which must not end well
#include <set>

#include "cuda_emu.h"

typedef long long i64;
typedef unsigned long long u64;

namespace {
const unsigned ORDERS[] = {0, 1, 2, 77};  // in order, reversed, shuffled
const unsigned char UNWRITTEN = 0xff;     // a NaN in both types that no arithmetic makes
const int BLOCK = 256;

std::set<std::string> ran;
int launches = 0, failures = 0;

// Bytes on the heap, so that the sanitizer knows both ends. Device memory is aligned at least as well.
struct Bytes {
    std::unique_ptr<char[]> data;
    size_t size, element;
    bool whole = true;
    Bytes(size_t count, size_t element) : data(new char[count * element]), size(count * element), element(element) {}
    void* get() const { return data.get(); }
};

Bytes floats(size_t count, unsigned seed) {
    Bytes b(count, 4);
    std::mt19937 random(seed);
    for (size_t i = 0; i < count; i++) ((float*)b.get())[i] = (int)(random() % 2001 - 1000) / 500.0f;
    return b;
}
Bytes halves(size_t count, unsigned seed) {
    Bytes single = floats(count, seed), b(count, 2);
    for (size_t i = 0; i < count; i++) ((__half*)b.get())[i] = __float2half_rn(((float*)single.get())[i]);
    return b;
}
Bytes ints(std::vector<int> values) {
    Bytes b(values.size(), 4);
    memcpy(b.get(), values.data(), b.size);
    return b;
}

// A result: `whole` if the kernel writes every element of it; else it begins as zeros.
Bytes result(size_t count, size_t element, bool whole = true) {
    Bytes b(count, element);
    memset(b.get(), whole ? UNWRITTEN : 0, b.size);
    b.whole = whole;
    return b;
}

// Arguments as cuLaunchKernel takes them.
struct Arguments {
    std::vector<u64> values;
    std::vector<size_t> sizes;
    template <class T> void add(T v) { values.push_back(emu::pack(v)); sizes.push_back(sizeof v); }
    void add(const Bytes& b) { add(b.get()); }
};

void fail(const std::string& kernel, const char* what, size_t element) {
    fprintf(stderr, "check_kernels: %s: %s, element %zu\n", kernel.c_str(), what, element);
    failures++;
}

// Launches in every order; `out` begins each time as it is now, and is left as the first made it.
template <class... A>
void check(const std::string& kernel, dim3 grid, Bytes& out, const A&... arguments) {
    Arguments a;
    (a.add(arguments), ...);
    auto found = emu::kernels().find(kernel);
    auto agree = [](const emu::Parameter& p, size_t bytes) { return p.bytes == bytes; };
    if (found == emu::kernels().end() ||
        !std::equal(found->second.parameters.begin(), found->second.parameters.end(), a.sizes.begin(), a.sizes.end(), agree)) {
        fprintf(stderr, "check_kernels: %s has other parameters than its case, or is not there\n", kernel.c_str());
        exit(3);
    }
    std::vector<void*> addresses;
    for (u64& value : a.values) addresses.push_back(&value);
    ran.insert(kernel);
    std::vector<char> before((char*)out.get(), (char*)out.get() + out.size), first;
    for (unsigned order : ORDERS) {
        memcpy(out.get(), before.data(), out.size);
        std::string failure = found->second.launch(grid, dim3(BLOCK), 0, addresses.data(), order);
        if (!failure.empty()) {
            fprintf(stderr, "cuda_emu: %s (%s)\n", failure.c_str(), kernel.c_str());
            exit(4);
        }
        launches++;
        const char* now = (const char*)out.get();
        if (first.empty()) first.assign(now, now + out.size);
        for (size_t i = 0; i < out.size; i++)
            if (now[i] != first[i]) return fail(kernel, "another order of threads gives another result", i / out.element);
    }
    for (size_t i = 0; out.whole && i < out.size; i += out.element)
        if (std::all_of(first.begin() + i, first.begin() + i + out.element, [](char c) { return (unsigned char)c == UNWRITTEN; }))
            return fail(kernel, "was not written", i / out.element);
}

unsigned strided(i64 elements) { return (unsigned)std::max<i64>(1, std::min<i64>(3, (elements + BLOCK - 1) / BLOCK)); }
unsigned quads(i64 elements) { return (unsigned)((elements + 4 * BLOCK - 1) / (4 * BLOCK)); }

// Kernels on maps (K, h, w), pictures (C, H, W) and pairs of them.
void maps(int K, int h, int w, int C, int H, int W, int samples) {
    i64 plane = (i64)H * W, cells = (i64)h * w;
    Bytes map = floats(K * cells, 1), image = floats(C * plane, 2), affine = floats(3 * K, 3);
    Bytes upsampled = result(K * plane, 4), range = result(2 * K, 4);
    check("upsample_bilinear", dim3(quads(plane), std::min(K, 2)), upsampled, map, K, h, w, upsampled, H, W);
    check("minmax", dim3(K), range, map, K, cells, range);
    Bytes normal = result(K * cells, 4);
    check("normalize", dim3(strided(cells), std::min(K, 2)), normal, map, range, K, cells, normal);
    Bytes other = result(2 * K, 4), masked = result(2 * K, 4), product = result(C * plane, 4);
    check("upsampled_minmax", dim3(K), other, map, K, h, w, H, W, other);
    check("masked_minmax", dim3(K), masked, map, affine, image, K, h, w, C, H, W, masked);
    check("mask_multiply", dim3(quads(plane), C), product, upsampled, image, C, plane, product);

    std::vector<int> live;
    for (int k = K - 1; k >= 0; k -= 2) live.push_back(k);
    Bytes channels = ints(live);
    i64 pairs = (i64)live.size() * samples, first = pairs > 2 ? 1 : 0;
    int count = (int)(pairs - first), padded = (C + 3) / 4 * 4;
    for (const char* noise : {"none", "masked_input", "mask"}) {
        Bytes nchw = result(count * C * plane, 4), nhwc = result(count * padded * plane, 2);
        std::string name = std::string("perturb_and_mask_") + noise;
        dim3 grid(quads(plane), std::min(count, 2));
        u64 seed = 0x123456789abcull;
        check(name + "_nchw_f32", grid, nchw, channels, map, affine, image, h, w, C, H, W, seed, first, count, samples, nchw);
        check(name + "_nhwc_f16", grid, nhwc, channels, map, affine, image, h, w, C, H, W, seed, first, count, samples, nhwc);
    }

    for (int q : {1, 3}) {
        Bytes alpha = floats(q * live.size(), 4), cam = result(q * cells, 4);
        check("weighted_sum_relu", dim3((unsigned)(cells + 31) / 32, std::min(q, 2)), cam, alpha, channels, map, q,
              (int)live.size(), h, w, cam);
    }
}

void noise(i64 n) {
    Bytes out = result(n, 4);
    check("gaussian_noise", dim3(quads(n)), out, (u64)42, 7u, 3u, out, n);
}

void scores(int count, int width, int q) {
    Bytes logits = floats((size_t)count * width, 5);
    std::vector<int> wanted;
    for (int i = 0; i < q; i++) wanted.push_back((i * 7 + width - 1) % width);
    Bytes classes = ints(wanted);
    for (int probability : {0, 1}) {
        i64 first = 2, pairs = first + count;
        Bytes out = result(q * pairs, 4, false);
        check("gather_score", dim3(count), out, logits, count, width, classes, q, probability, first, pairs, out);
    }
    Bytes rows = result((size_t)count * width, 4);
    check("softmax", dim3(count), rows, logits, count, width, rows);
    Bytes own = floats((size_t)count * width, 6);
    check("softmax", dim3(count), own, own, count, width, own);
}

void reductions(int q, int live, int samples) {
    Bytes all = floats((size_t)q * live * samples, 7), baseline = floats(q, 8);
    for (int mean : {0, 1}) {
        Bytes out = result((size_t)q * live, 4);
        check("reduce_scores", dim3(strided(q * live)), out, all, q, live, samples, mean, baseline, out);
    }
}

void layouts(int n, int c, i64 hw, int padded) {
    Bytes single = floats(n * c * hw, 9), last = result(n * hw * padded, 2), back = result(n * c * hw, 4);
    check("nchw_f32_to_nhwc_f16", dim3(strided(n * hw * padded)), last, single, n, c, hw, padded, last);
    check("nhwc_f16_to_nchw_f32", dim3(strided(n * hw * c)), back, last, n, c, hw, padded, back);
    Bytes half = result(n * c * hw, 2);
    check("f32_to_f16", dim3(strided(n * hw * c)), half, single, n * c * hw, half);
}

void epilogues(int n, int c, i64 hw) {
    size_t count = n * c * hw;
    Bytes bias = floats(c, 10), single = floats(count, 11), half = halves(count, 12);
    for (int relu : {0, 1}) {
        for (int with : {0, 1}) {
            Bytes y = floats(count, 13), h = halves(count, 14);
            void *of_single = with ? single.get() : nullptr, *of_half = with ? half.get() : nullptr;
            check("bias_residual_relu_nchw_f32", dim3(strided(count)), y, y, bias, of_single, n, c, hw, relu);
            check("bias_residual_relu_nhwc_f16", dim3(strided(count)), h, h, bias, of_half, n, c, hw, relu);
        }
        Bytes y = floats(n * c, 15), h = halves(n * c, 16);
        check("bias_relu_rows_f32", dim3(strided(n * c)), y, y, bias, n, c, relu);
        check("bias_relu_rows_f16", dim3(strided(n * c)), h, h, bias, n, c, relu);
    }
    for (int offset : {0, 2}) {
        int channels = c + offset + (offset ? 1 : 0);
        Bytes to = result(n * channels * hw, 4, offset == 0), to_half = result(n * channels * hw, 2, offset == 0);
        check("copy_channels_nchw_f32", dim3(strided(count)), to, single, n, c, hw, to, channels, offset);
        check("copy_channels_nhwc_f16", dim3(strided(count)), to_half, half, n, c, hw, to_half, channels, offset);
    }
}

void pools(int n, int c, int h, int w, int kernel, int stride, int padding) {
    Bytes single = floats((size_t)n * c * h * w, 17), half = halves((size_t)n * c * h * w, 18);
    int oh = (h + 2 * padding - kernel + stride - 1) / stride + 1, ow = (w + 2 * padding - kernel + stride - 1) / stride + 1;
    if ((oh - 1) * stride >= h + padding) oh--;  // a window begins in the picture or its left padding
    if ((ow - 1) * stride >= w + padding) ow--;
    for (int offset : {0, 3}) {
        int channels = c + offset;
        size_t cells = (size_t)n * channels * oh * ow;
        Bytes out = result(cells, 4, offset == 0), out_half = result(cells, 2, offset == 0);
        dim3 grid(strided((i64)n * c * oh * ow));
        check("max_pool_nchw_f32", grid, out, single, n, c, h, w, kernel, stride, padding, out, oh, ow, channels, offset);
        check("max_pool_nhwc_f16", grid, out_half, half, n, c, h, w, kernel, stride, padding, out_half, oh, ow, channels, offset);
    }
    for (int rows : {1, 7}) {
        int columns = rows == 1 ? 1 : 5;
        size_t cells = (size_t)n * c * rows * columns;
        Bytes out = result(cells, 4), out_half = result(cells, 2);
        dim3 grid(strided((i64)cells));
        check("adaptive_avg_pool_nchw_f32", grid, out, single, n, c, h, w, out, rows, columns);
        check("adaptive_avg_pool_nhwc_f16", grid, out_half, half, n, c, h, w, out_half, rows, columns);
    }
    Bytes by_output = floats((size_t)c * oh * ow, 19), by_input = result((size_t)c * h * w, 4);
    check("max_pool_gradient", dim3(strided((i64)c * h * w)), by_input, single, by_output, c, h, w, kernel, stride, padding, oh, ow,
          by_input);
    for (int rows : {1, 7}) {
        int columns = rows == 1 ? 1 : 5;
        Bytes by_cell = floats((size_t)c * rows * columns, 20), spread = result((size_t)c * h * w, 4);
        check("average_pool_gradient", dim3(strided((i64)c * h * w)), spread, by_cell, c, h, w, rows, columns, spread);
    }
    Bytes mean = result(n * c, 4);
    check("global_avg_pool_nhwc_f16_to_f32", dim3(strided(n * c)), mean, half, n, c, (i64)h * w, mean);
}

void gradients(i64 n) {
    Bytes one = floats(n, 21), other = floats(n, 22), sum = result(n, 4), masked = result(n, 4);
    check("add", dim3(strided(n)), sum, one, other, n, sum);
    check("relu_gradient", dim3(strided(n)), masked, one, other, n, masked);
}

// Every half survives the way to float and back; what lies between two goes to the nearer, the middle to the even one.
void half_conversions() {
    auto bits = [](float f) { return (unsigned)__float2half_rn(f).bits; };
    auto expect = [](bool holds, unsigned h) {
        if (!holds) fail("__float2half_rn", "is wrong near the half with the bits of this", h);
    };
    for (unsigned h = 0; h < 0x7c00; h++) {
        float v = __half2float({(uint16_t)h}), next = h + 1 < 0x7c00 ? __half2float({(uint16_t)(h + 1)}) : 65536.0f;
        float middle = v + (next - v) / 2;
        expect(bits(v) == h && bits(-v) == (h | 0x8000), h);
        expect(bits(middle) == h + (h & 1) && bits(-middle) == ((h + (h & 1)) | 0x8000), h);
        expect(bits(std::nextafter(middle, 0.0f)) == h && bits(std::nextafter(middle, 1e30f)) == h + 1, h);
    }
    expect(bits(INFINITY) == 0x7c00 && bits(-INFINITY) == 0xfc00 && bits(1e30f) == 0x7c00 && bits(1e-30f) == 0, 0x7c00);
    expect(bits(NAN) == 0x7fff && std::isnan(__half2float({0x7fff})) && std::isinf(__half2float({0xfc00})), 0x7fff);
}

bool wrong(const std::string& kernel) { return kernel.rfind("wrong_", 0) == 0; }

int one(const std::string& kernel) {
    Bytes in = floats(101, 1), out = result(101, 4);
    check(kernel, dim3(1), out, in, 101, out);
    return failures ? 1 : 0;
}
}  // namespace

int main(int argc, char** argv) {
    if (argc > 1) return one(argv[1]);
    half_conversions();
    maps(1, 1, 1, 1, 1, 1, 1);
    maps(2, 1, 1, 3, 2, 2, 2);
    maps(1, 7, 7, 3, 12, 224, 1);  // the width of a picture, few of its rows
    maps(3, 7, 7, 3, 28, 28, 2);
    maps(3, 5, 9, 3, 31, 47, 3);   // 1457 pixels: 1 more than a multiple of 4
    maps(5, 3, 2, 5, 7, 9, 1);     // 63 pixels, and channels padded to 8
    maps(2, 9, 11, 4, 5, 6, 10);   // the picture is smaller than the map
    for (i64 n : {1, 2, 3, 4, 5, 1023, 1024, 1025}) noise(n);
    scores(1, 1, 1);
    scores(3, 31, 2);
    scores(2, 1000, 300);
    reductions(1, 1, 1);
    reductions(3, 7, 10);
    reductions(1, 300, 3);
    layouts(1, 1, 1, 1);
    layouts(2, 3, 63, 4);
    layouts(1, 5, 49, 8);
    layouts(3, 8, 35, 8);
    epilogues(1, 1, 1);
    epilogues(2, 5, 63);
    epilogues(3, 8, 49);
    for (i64 n : {1, 255, 1025}) gradients(n);
    pools(1, 1, 1, 1, 1, 1, 0);
    pools(2, 5, 13, 17, 3, 2, 0);
    pools(2, 3, 14, 9, 3, 2, 1);
    pools(1, 4, 7, 7, 2, 2, 0);
    for (auto& kernel : emu::kernels())
        if (!wrong(kernel.first) && !ran.count(kernel.first)) {
            fprintf(stderr, "check_kernels: %s has no case\n", kernel.first.c_str());
            failures++;
        }
    printf("check_kernels: %zu kernels, %d launches, %d failures\n", ran.size(), launches, failures);
    return failures ? 1 : 0;
}
