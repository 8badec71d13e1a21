// Modules and launches. A module is its PTX: a kernel is there if the text has its entry and the very .cu file it
// came from was compiled into this library. What the software NVRTC made holds its source, and is compiled here.
#include <dlfcn.h>
#include <unistd.h>

#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <memory>
#include <set>

#include "cuda_emu.h"
#include "software.h"

namespace {
struct Module;
struct Function {
    Module* module;
    std::string name;
    const emu::Kernel* kernel;
    unsigned most_shared = 48 * 1024;
};
typedef std::map<std::string, emu::Kernel> Kernels;
struct Module {
    std::string image;
    const Kernels* kernels;
    std::vector<std::unique_ptr<Function>> functions;
};
std::recursive_mutex guard;
typedef std::lock_guard<std::recursive_mutex> Lock;
std::set<void*> modules, functions;

// The kernels of an image of NVRTC, in a library that stays loaded; null if g++ refuses. Images are known by their text.
const Kernels* compiled(const std::string& image, size_t source) {
    static std::map<std::string, const Kernels*> known;
    if (auto found = known.find(image); found != known.end()) return found->second;
    char folder[] = "/tmp/sw-module-XXXXXX";
    if (!mkdtemp(folder)) return nullptr;
    std::string base = folder;
    if (FILE* file = fopen((base + "/program.ii").c_str(), "w")) {
        fwrite(image.data() + source, 1, image.size() - source, file);
        fclose(file);
    }
    std::string command = "g++ " SOFTWARE_MODULE_FLAGS " -shared -w -x c++-cpp-output " + base + "/program.ii -o " + base + "/program.so";
    void* library = system(command.c_str()) == 0 ? dlopen((base + "/program.so").c_str(), RTLD_NOW | RTLD_LOCAL) : nullptr;
    if (!library) sw_complain("a module does not become a library: %s", dlerror());
    if (system(("rm -rf " + base).c_str()) != 0) sw_complain("%s stays", folder);
    auto* door = library ? (Kernels* (*)(emu::Parallel))dlsym(library, "emu_module") : nullptr;
    return known[image] = door ? door(sw_parallel) : nullptr;
}

// The order of threads and blocks: 0 forward, 1 reversed, more: shuffled with this seed.
unsigned order_asked() {
    const char* order = getenv("SW_ORDER");
    return order ? (unsigned)atoi(order) : 0;
}
unsigned order = order_asked();

Function* function_of(void* function) {
    Lock lock(guard);
    if (functions.count(function)) return (Function*)function;
    sw_complain("a kernel was used whose module does not exist (any more)");
    return nullptr;
}

typedef std::vector<std::vector<char>> Values;

// A pointer that a kernel may be given: null, or where memory or the zones around it are.
bool valid(const Values& values, const Function& f) {
    for (size_t i = 0; i < values.size(); i++) {
        if (!f.kernel->parameters[i].pointer) continue;
        Address p;
        memcpy(&p, values[i].data(), sizeof p);
        if (p == 0 || sw_watched(p) || sw_pinned((void*)p, 0)) continue;
        sw_complain("%s: parameter %zu points to no allocation", f.name.c_str(), i);
        return false;
    }
    return true;
}

struct Launch {
    Function* function;
    dim3 grid, block;
    unsigned shared;
    Values values;

    int run() {
        if (!function_of(function)) return INVALID_HANDLE;
        if (int fault = sw_called(function->name.c_str())) return fault;
        if (!valid(values, *function)) return ILLEGAL_ADDRESS;
        std::vector<void*> addresses;
        for (auto& value : values) addresses.push_back(value.data());
        emu::parallel = sw_parallel;
        std::string failure = function->kernel->launch(grid, block, shared, addresses.data(), order);
        if (failure.empty()) return OK;
        sw_complain("%s: %s", function->name.c_str(), failure.c_str());
        return LAUNCH_FAILED;
    }
};
}  // namespace

API void sw_order(int seed) { order = (unsigned)seed; }
void reset_launches() { order = order_asked(); }
API long sw_live_modules() { return (long)modules.size(); }

API int cuModuleLoadData(void** module, const void* image) {
    ENTER("cuModuleLoadData");
    if (!strstr((const char*)image, ".version")) return INVALID_IMAGE;
    Lock lock(guard);
    std::string text = (const char*)image;
    const char* mark = "\n.source\n";
    size_t source = text.find(mark);
    const Kernels* kernels = source == std::string::npos ? &emu::kernels() : compiled(text, source + strlen(mark));
    if (!kernels) return INVALID_IMAGE;
    modules.insert(*module = new Module{text.substr(0, source), kernels, {}});
    return OK;
}
API int cuModuleLoadDataEx(void** module, const void* image, unsigned, int*, void**) { return cuModuleLoadData(module, image); }

API int cuModuleUnload(void* module) {
    ENTER("cuModuleUnload");
    int status = sw_drain();
    Lock lock(guard);
    if (!modules.erase(module)) {
        sw_complain("cuModuleUnload of a module that does not exist (any more)");
        return INVALID_HANDLE;
    }
    for (auto& f : ((Module*)module)->functions) functions.erase(f.get());
    delete (Module*)module;
    return status;
}

API int cuModuleGetFunction(void** function, void* module, const char* name) {
    ENTER("cuModuleGetFunction");
    Lock lock(guard);
    if (!modules.count(module)) return INVALID_HANDLE;
    auto* m = (Module*)module;
    auto kernel = m->kernels->find(name);
    std::string entry = std::string(".entry ") + name + "(";
    if (kernel == m->kernels->end() || m->image.find(entry) == std::string::npos) return NOT_FOUND;
    m->functions.push_back(std::make_unique<Function>(Function{m, name, &kernel->second}));
    functions.insert(*function = m->functions.back().get());
    return OK;
}

API int cuFuncGetAttribute(int* value, int attribute, void* function) {
    ENTER("cuFuncGetAttribute");
    Function* f = function_of(function);
    if (!f) return INVALID_HANDLE;
    switch (attribute) {
        case 0: *value = 1024; break;               // threads of a block
        case 1: case 2: case 3: *value = 0; break;  // bytes of static shared, constant, local memory: not known
        case 4: *value = 32; break;                 // registers
        case 8: *value = (int)f->most_shared; break;
        default:
            sw_complain("cuFuncGetAttribute(%d) is not implemented", attribute);
            return INVALID;
    }
    return OK;
}
API int cuFuncSetAttribute(void* function, int attribute, int value) {
    ENTER("cuFuncSetAttribute");
    Function* f = function_of(function);
    if (!f) return INVALID_HANDLE;
    if (attribute == 8 && (value < 0 || value > 232448)) return INVALID;
    if (attribute == 8) f->most_shared = (unsigned)value;
    else if (attribute != 9) return sw_unknown("cuFuncSetAttribute of this attribute", INVALID);  // 9: preferred split
    return OK;
}

API int cuOccupancyMaxActiveBlocksPerMultiprocessor(int* blocks, void* function, int size, size_t) {
    ENTER("cuOccupancyMaxActiveBlocksPerMultiprocessor");
    if (!function_of(function)) return INVALID_HANDLE;
    if (size < 1 || size > 1024) return INVALID;
    *blocks = 2048 / size;
    return OK;
}
API int cuOccupancyMaxPotentialBlockSize(int* grid, int* block, void* function, void*, size_t, int most) {
    ENTER("cuOccupancyMaxPotentialBlockSize");
    if (!function_of(function)) return INVALID_HANDLE;
    *block = most > 0 && most < 256 ? most : 256;
    *grid = 16;
    return OK;
}

// Parameters are copied when the launch is asked for, as the driver does.
API int cuLaunchKernel(void* function, unsigned gx, unsigned gy, unsigned gz, unsigned bx, unsigned by, unsigned bz,
                       unsigned shared, void* stream, void** parameters, void** extra) {
    ENTER("cuLaunchKernel");
    Function* f = function_of(function);
    if (!f) return INVALID_HANDLE;
    if (extra) return sw_unknown("cuLaunchKernel with a parameter buffer", UNSUPPORTED);
    if (!gx || !gy || !gz || !bx || !by || !bz) return INVALID;
    if (bx > 1024 || by > 1024 || bz > 64 || bx * by * bz > 1024 || gx > 0x7fffffffu || gy > 65535 || gz > 65535) return INVALID;
    if (shared > f->most_shared) return INVALID;
    auto launch = std::make_shared<Launch>(Launch{f, dim3(gx, gy, gz), dim3(bx, by, bz), shared, {}});
    for (size_t i = 0; i < f->kernel->parameters.size(); i++) {
        auto* value = (char*)parameters[i];
        launch->values.emplace_back(value, value + f->kernel->parameters[i].bytes);
    }
    return sw_enqueue(stream, [=] { return launch->run(); });
}
