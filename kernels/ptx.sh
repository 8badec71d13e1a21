#!/usr/bin/env bash
# ptx.sh - compiles every kernel to PTX for the resources. Needs nvcc; the build does not.
#
#   kernels/ptx.sh [OUT]      (default: src/main/resources/io/sscam/kernels/ptx)
#
# compute_75 is the oldest architecture served; the driver compiles the PTX for its own and keeps the
# result. nvcc writes its own PTX version whatever the target, which would need its own driver: the
# code uses nothing newer than PTX 7.0, so the line is lowered and drivers from 525 on load it.
# The first line holds the hash of the sources, by which a test finds out that they have changed.
set -euo pipefail
here=$(cd "$(dirname "$0")" && pwd)
sources=$here/src/main/java/io/sscam/kernels/cuda/op
out=${1:-$here/src/main/resources/io/sscam/kernels/ptx}
release=$(nvcc --version | sed -n 's/.*release \([0-9.]*\).*/\1/p')
mkdir -p "$out"
cd "$sources"
for cu in *.cu; do
  headers=$( (echo common.cuh; sed -n 's/^#include "\(.*\.cuh\)"$/\1/p' "$cu") | sort -u)
  # shellcheck disable=SC2086  # the headers are words
  hash=$(cat "$cu" $headers | sha256sum | cut -d' ' -f1)
  {
    echo "// sources $hash nvcc $release"
    nvcc --ptx --gpu-architecture=compute_75 --std=c++17 -O3 --fmad=true --ftz=false --prec-div=true \
      --prec-sqrt=true --output-file - "$cu" |
      sed -e 's/^\.version .*/.version 7.0/' -e '/^\/\/ Compiler Build ID/d' -e '/^\/\/ Cuda compilation tools/d'
  } > "$out/${cu%.cu}.ptx"
done
