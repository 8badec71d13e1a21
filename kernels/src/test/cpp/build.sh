#!/usr/bin/env bash
# build.sh - builds the software CUDA device.
#
#   build.sh OUT NATIVES     OUT: folder of the four libraries; NATIVES: folder of JCuda's natives
#
# OUT/cuda13 gets cuBLAS and NVRTC once more, under the names that they have in CUDA 13.
# What JCuda's natives import and the device does not have becomes a function that complains and fails.
set -euo pipefail
out=$1 natives=$2
here=$(cd "$(dirname "$0")" && pwd)
kernels=$here/../../main/java/io/sscam/kernels/cuda/op
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
mkdir -p "$out/cuda13"
flags="-std=c++20 -O2 -fPIC -fvisibility=hidden -Wall -Wno-unknown-pragmas -I$here"
# How kernels are compiled that come at run time: with the emulation header precompiled, which wants the same options.
module_flags="-std=c++20 -O1 -ffp-contract=off -fPIC -fvisibility=hidden"
if g++ -march=x86-64-v3 -E -x c++ /dev/null > /dev/null 2>&1 && grep -q avx2 /proc/cpuinfo; then fast="-O3 -march=x86-64-v3"; else fast=-O3; fi

compile() { # NAME FLAGS...
  local name=$1
  shift
  g++ $flags "$@" -c "$here/$name.cpp" -o "$work/$name.o"
}
running=()
start() {
  "$@" &
  running+=($!)
}
# All kernels make one unit, each file in a namespace of its own: most of the time goes into the headers.
compile_kernels() {
  {
    for header in "$kernels"/*.cuh; do echo "#include \"$header\""; done
    for cu in "$kernels"/*.cu "$here"/*.cu; do
      printf 'namespace file_%s {\n#include "%s"\n}\n' "$(basename "$cu" .cu)" "$cu"
    done
  } > "$work/kernels.cpp"
  g++ $flags ${fast#-O3} -Wno-maybe-uninitialized -ffp-contract=off "-I$kernels" -c "$work/kernels.cpp" -o "$work/kernels.o"
}
start compile_kernels
driver="faults parallel context memory streams modules"
dnn="cudnn convolution convolution_gradient pooling"
for name in $driver $dnn cublas; do start compile "$name" $fast "-DSOFTWARE_MODULE_FLAGS=\"$module_flags\""; done
start compile nvrtc "-DSOFTWARE_MODULE_FLAGS=\"$module_flags\"" "-DSOFTWARE_HEADERS=\"$here\""
cp "$here/cuda_emu.h" "$out/" # or g++ does not find it where a program includes it again
start g++ $module_flags -w -x c++-header "$out/cuda_emu.h" "-I$here" -o "$out/cuda_emu.h.gch"
for process in "${running[@]}"; do wait "$process"; done

# Imports of JCuda's natives that our objects lack; STATUS is the library's "not supported".
stubs() { # PREFIX STATUS NATIVE OBJECTS...
  local prefix=$1 status=$2 native=$3
  shift 3
  comm -23 \
    <(nm -D --undefined-only "$natives"/$native | awk '{print $NF}' | sed 's/@.*//' | grep "^$prefix" | sort -u) \
    <(nm --defined-only "$@" | awk 'NF == 3 {print $3}' | sort -u) |
    sed 's/.*/extern "C" __attribute__((visibility("default"))) int &() { return sw_unknown("&", '"$status"'); }/' |
    cat <(echo 'extern "C" int sw_unknown(const char*, int);') - > "$work/stubs-$prefix.cpp"
  g++ $flags -c "$work/stubs-$prefix.cpp" -o "$work/stubs-$prefix.o"
}
link() { # FILE VERSIONED OBJECTS... (the file's name is the soname)
  local file=$1 soname=$(basename "$1") versioned=$2
  shift 2
  if [ "$versioned" = yes ]; then
    echo "$soname { global: *; };" > "$work/version-$soname"
    set -- "$@" -Wl,--version-script="$work/version-$soname"
  fi
  g++ -shared -Wl,-soname,"$soname" -o "$out/$file" "$@" -pthread -Wl,-rpath,'$ORIGIN'
}
objects() { for name in "$@"; do echo "$work/$name.o"; done; }
stubs cu 801 'libJCudaDriver-*.so' $(objects $driver kernels)
link libcuda.so.1 no $(objects $driver kernels stubs-cu)
library() { # PREFIX STATUS NATIVE FILES OBJECTS...
  local prefix=$1 status=$2 native=$3 files=$4
  shift 4
  stubs "$prefix" "$status" "$native" "$@"
  for file in $files; do link "$file" yes "$@" $(objects "stubs-$prefix") "$out/libcuda.so.1"; done
}
running=()
start library cublas 15 'libJCublas2-*.so' "libcublas.so.12 cuda13/libcublas.so.13" $(objects cublas)
start library cudnn 3000 'libJCudnn-*.so' libcudnn.so.9 $(objects $dnn)
start library nvrtc 11 'libJNvrtc-*.so' "libnvrtc.so.12 cuda13/libnvrtc.so.13" $(objects nvrtc)
for process in "${running[@]}"; do wait "$process"; done
