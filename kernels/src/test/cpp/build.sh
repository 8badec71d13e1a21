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
# A fortified longjmp takes the change to another fiber for an error.
flags="-std=c++20 -O2 -U_FORTIFY_SOURCE -fPIC -fvisibility=hidden -Wall -Wno-unknown-pragmas -I$here"
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
kernel() { g++ $flags -ffp-contract=off -x c++ -c "$1" -o "$work/kernel-$(basename "$1").o"; }
start compile faults
start compile memory
start compile streams
start compile modules
start compile cudnn $fast -fopenmp -ffp-contract=off
start compile cublas $fast
start compile nvrtc "-DSOFTWARE_HEADERS=\"$here\""
for cu in "$kernels"/*.cu; do start kernel "$cu"; done
for process in "${running[@]}"; do wait "$process"; done

# Imports of JCuda's natives that our objects lack.
stubs() { # PREFIX NATIVE OBJECTS...
  local prefix=$1 native=$2
  shift 2
  comm -23 \
    <(nm -D --undefined-only "$natives"/$native | awk '{print $NF}' | sed 's/@.*//' | grep "^$prefix" | sort -u) \
    <(nm --defined-only "$@" | awk 'NF == 3 {print $3}' | sort -u) |
    sed 's/.*/extern "C" __attribute__((visibility("default"))) int &() { return sw_unknown("&"); }/' |
    cat <(echo 'extern "C" int sw_unknown(const char*);') - > "$work/stubs-$prefix.cpp"
  g++ $flags -c "$work/stubs-$prefix.cpp" -o "$work/stubs-$prefix.o"
}
link() { # FILE VERSIONED OBJECTS... (the file's name is the soname)
  local file=$1 versioned=$2
  shift 2
  if [ "$versioned" = yes ]; then
    echo "$(basename "$file") { global: *; };" > "$work/version"
    set -- "$@" -Wl,--version-script="$work/version"
  fi
  g++ -shared -Wl,-soname,"$(basename "$file")" -o "$out/$file" "$@" -fopenmp -Wl,-rpath,'$ORIGIN'
}
driver=("$work"/{faults,memory,streams,modules}.o "$work"/kernel-*.o)
stubs cu 'libJCudaDriver-*.so' "${driver[@]}"
link libcuda.so.1 no "${driver[@]}" "$work/stubs-cu.o"
stubs cublas 'libJCublas2-*.so' "$work/cublas.o"
for name in libcublas.so.12 cuda13/libcublas.so.13; do
  link $name yes "$work/cublas.o" "$work/stubs-cublas.o" "$out/libcuda.so.1"
done
stubs cudnn 'libJCudnn-*.so' "$work/cudnn.o"
link libcudnn.so.9 yes "$work/cudnn.o" "$work/stubs-cudnn.o" "$out/libcuda.so.1"
stubs nvrtc 'libJNvrtc-*.so' "$work/nvrtc.o"
for name in libnvrtc.so.12 cuda13/libnvrtc.so.13; do
  link $name yes "$work/nvrtc.o" "$work/stubs-nvrtc.o" "$out/libcuda.so.1"
done
