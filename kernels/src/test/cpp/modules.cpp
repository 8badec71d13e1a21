// Modules and launches. A module is its PTX: a kernel is there if the text has its entry and the very .cu file it
// came from was compiled into this library.
#include "cuda_emu.h"

#include <cstring>
#include <string>
#include <vector>

#include "software.h"

enum { OK = 0, INVALID = 1, INVALID_IMAGE = 200, NOT_FOUND = 500 };

namespace {
long modules = 0;

// Other schedules find missing barriers: 0 in order, 1 reversed, more: shuffled.
unsigned schedule() {
    const char* order = getenv("SW_ORDER");
    return order ? atoi(order) : 0;
}
}  // namespace

API long sw_live_modules() { return modules; }

API int cuModuleLoadData(void** module, const void* image) {
    CALLED("cuModuleLoadData");
    if (!strstr((const char*)image, ".version")) return INVALID_IMAGE;
    modules++;
    *module = new std::string((const char*)image);
    return OK;
}

API int cuModuleUnload(void* module) {
    modules--;
    delete (std::string*)module;
    return OK;
}

API int cuModuleGetFunction(void** function, void* module, const char* name) {
    CALLED("cuModuleGetFunction");
    auto kernel = emu::kernels().find(name);
    std::string entry = std::string(".entry ") + name + "(";
    if (kernel == emu::kernels().end() || ((std::string*)module)->find(entry) == std::string::npos) return NOT_FOUND;
    *function = (void*)&*kernel;
    return OK;
}

API int cuFuncGetAttribute(int* value, int attribute, void*) {
    if (attribute != 0) return INVALID;
    *value = 1024;
    return OK;
}

API int cuOccupancyMaxActiveBlocksPerMultiprocessor(int* blocks, void*, int size, size_t) {
    *blocks = 2048 / size;
    return OK;
}

// Parameters are copied when the launch is asked for, as the driver does.
API int cuLaunchKernel(void* function, unsigned gx, unsigned gy, unsigned gz, unsigned bx, unsigned by, unsigned bz,
                       unsigned shared, void* stream, void** parameters, void**) {
    CALLED("cuLaunchKernel");
    if (!function || !gx || !gy || !gz || !bx || !by || !bz) return INVALID;
    if (bx * by * bz > 1024 || gx > 0x7fffffffu || gy > 65535 || gz > 65535) return INVALID;
    auto* kernel = (std::pair<const std::string, emu::Launcher>*)function;
    const std::vector<size_t>& sizes = emu::arity().at(kernel->first);
    auto values = std::make_shared<std::vector<std::vector<char>>>();
    for (size_t i = 0; i < sizes.size(); i++)
        values->emplace_back((char*)parameters[i], (char*)parameters[i] + sizes[i]);
    return sw_enqueue(stream, [=] {
        std::vector<void*> addresses;
        for (auto& value : *values) addresses.push_back(value.data());
        kernel->second(dim3(gx, gy, gz), dim3(bx, by, bz), shared, addresses.data(), schedule());
        return (int)OK;
    });
}
