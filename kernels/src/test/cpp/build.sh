#!/usr/bin/env bash
# build.sh - builds the software CUDA device.
#
#   build.sh OUT NATIVES     OUT: folder of the four libraries; NATIVES: folder of JCuda's natives
#
# What JCuda's natives import and the device does not have becomes a function that complains and fails.
set -euo pipefail
out=$1 natives=$2
here=$(cd "$(dirname "$0")" && pwd)
kernels=$here/../../main/java/io/sscam/kernels/cuda/op
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
mkdir -p "$out"
flags="-std=c++20 -O2 -fPIC -fvisibility=hidden -Wall -Wno-unknown-pragmas -I$here"
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
kernel() { g++ $flags ${fast#-O3} -Wno-maybe-uninitialized -ffp-contract=off -x c++ -c "$1" -o "$work/kernel-$(basename "$1").o"; }
driver="faults parallel context memory streams modules"
dnn="cudnn convolution pooling"
for name in $driver $dnn cublas; do start compile "$name" $fast; done
start compile nvrtc "-DSOFTWARE_HEADERS=\"$here\""
for cu in "$kernels"/*.cu "$here"/*.cu; do [ ! -e "$cu" ] || start kernel "$cu"; done
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
link() { # SONAME VERSIONED OBJECTS...
  local soname=$1 versioned=$2
  shift 2
  if [ "$versioned" = yes ]; then
    echo "$soname { global: *; };" > "$work/version-$soname"
    set -- "$@" -Wl,--version-script="$work/version-$soname"
  fi
  g++ -shared -Wl,-soname,"$soname" -o "$out/$soname" "$@" -pthread -Wl,-rpath,'$ORIGIN'
}
objects() { for name in "$@"; do echo "$work/$name.o"; done; }
library() { # SONAME VERSIONED PREFIX STATUS NATIVE LIBRARY|- OBJECTS...
  local soname=$1 versioned=$2 prefix=$3 status=$4 native=$5 needed=$6
  shift 6
  stubs "$prefix" "$status" "$native" "$@"
  [ "$needed" = - ] || set -- "$@" "$needed"
  link "$soname" "$versioned" "$@" "$work/stubs-$prefix.o"
}
library libcuda.so.1 no cu 801 'libJCudaDriver-*.so' - $(objects $driver) "$work"/kernel-*.o
running=()
start library libcublas.so.12 yes cublas 15 'libJCublas2-*.so' "$out/libcuda.so.1" $(objects cublas)
start library libcudnn.so.9 yes cudnn 3000 'libJCudnn-*.so' "$out/libcuda.so.1" $(objects $dnn)
start library libnvrtc.so.12 yes nvrtc 11 'libJNvrtc-*.so' "$out/libcuda.so.1" $(objects nvrtc)
for process in "${running[@]}"; do wait "$process"; done
