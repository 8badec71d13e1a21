// NVRTC as far as the project calls it: the source is checked by g++ through the emulation header, and the result is a
// text, headed like a cubin, that lists the kernels and holds the preprocessed source, which cuModuleLoadData compiles.
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <dlfcn.h>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <map>
#include <regex>
#include <string>
#include <unistd.h>

#include "software.h"

constexpr int INVALID_INPUT = 3, INVALID_OPTION = 5, COMPILATION = 6;

namespace {
struct Program {
    std::string source, name, log, image;
    std::map<std::string, std::string> headers;
};

bool write(const std::string& path, const std::string& text) {
    FILE* file = fopen(path.c_str(), "w");
    if (!file) return false;
    bool whole = fwrite(text.data(), 1, text.size(), file) == text.size();
    return fclose(file) == 0 && whole;
}

// Where build.sh left the emulation header precompiled: beside this library, or beside the folder of CUDA 13's names.
std::string precompiled() {
    Dl_info self;
    if (!dladdr((void*)&precompiled, &self)) return ".";
    std::filesystem::path folder = std::filesystem::path(self.dli_fname).parent_path();
    return folder.filename() == "cuda13" ? folder.parent_path().string() : folder.string();
}
}  // namespace

API int nvrtcVersion(int* major, int* minor) { *major = 12; *minor = 6; return OK; }
API const char* nvrtcGetErrorString(int status) { return status == COMPILATION ? "NVRTC_ERROR_COMPILATION" : "NVRTC_ERROR_ANOTHER"; }

API int nvrtcCreateProgram(Program** p, const char* source, const char* name, int n, const char* const* headers, const char* const* names) {
    CALLED("nvrtcCreateProgram");
    *p = new Program{source, name ? name : "program.cu", "", "", {}};
    for (int i = 0; i < n; i++) (*p)->headers[names[i]] = headers[i];
    return OK;
}
API int nvrtcDestroyProgram(Program** p) { delete *p; *p = nullptr; return OK; }

API int nvrtcCompileProgram(Program* p, int n, const char* const* options) {
    CALLED("nvrtcCompileProgram");
    bool architecture = false;
    for (int i = 0; i < n; i++) architecture |= strncmp(options[i], "--gpu-architecture=sm_", 22) == 0;
    if (!architecture) return INVALID_OPTION;
    char folder[] = "/tmp/sw-nvrtc-XXXXXX";
    if (!mkdtemp(folder)) return INVALID_INPUT;
    std::string base = folder;
    for (auto& header : p->headers) write(base + "/" + header.first, header.second);
    std::string entries, registrations;
    std::regex kernel("extern\\s+\"C\"\\s+__global__\\s+void\\s+(?:__launch_bounds__\\s*\\([^)]*\\)[\\s\\\\]*)?(\\w+)\\s*\\(");
    for (std::sregex_iterator i(p->source.begin(), p->source.end(), kernel), end; i != end; ++i) {
        entries += ".entry " + (*i)[1].str() + "(\n";
        if (p->source.find("EMU_KERNEL(" + (*i)[1].str() + ")") == std::string::npos) registrations += "EMU_KERNEL(" + (*i)[1].str() + ")\n";
    }
    write(base + "/program.cu", "#include \"cuda_emu.h\"\n#line 1 \"" + p->name + "\"\n" + p->source + "\n#line 1 \"registrations\"\n" + registrations + "EMU_MODULE\n");
    std::string compiler = "g++ " SOFTWARE_MODULE_FLAGS " -Wno-unknown-pragmas -x c++", headers = "-I'" SOFTWARE_HEADERS "' program.cu";
    // Checked with the header precompiled, which takes a third of the time; the image needs no other file.
    std::string command = "cd " + base + " && { " + compiler + " -fsyntax-only -I. -I'" + precompiled() + "' " + headers + " && "
        + compiler + " -E -I. " + headers + " > program.ii; } 2>&1";
    FILE* run = popen(command.c_str(), "r");
    char line[512];
    while (fgets(line, sizeof line, run)) p->log += line;
    int status = pclose(run);
    std::ifstream preprocessed(base + "/program.ii");
    std::string text((std::istreambuf_iterator<char>(preprocessed)), std::istreambuf_iterator<char>());
    if (system(("rm -rf " + base).c_str()) != 0) return INVALID_INPUT;
    if (status != 0) return COMPILATION;
    p->image = "\x7f" "ELF .version of the software device\n" + entries + ".source\n" + text;
    return OK;
}
API int nvrtcGetProgramLogSize(Program* p, size_t* size) { *size = p->log.size() + 1; return OK; }
API int nvrtcGetProgramLog(Program* p, char* log) { memcpy(log, p->log.c_str(), p->log.size() + 1); return OK; }
API int nvrtcGetCUBINSize(Program* p, size_t* size) { *size = p->image.size(); return OK; }
API int nvrtcGetCUBIN(Program* p, char* image) { memcpy(image, p->image.data(), p->image.size()); return OK; }
API int nvrtcGetPTXSize(Program* p, size_t* size) { *size = p->image.size() + 1; return OK; }
API int nvrtcGetPTX(Program* p, char* image) { memcpy(image, p->image.c_str(), p->image.size() + 1); return OK; }
