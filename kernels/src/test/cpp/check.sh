#!/usr/bin/env bash
# check.sh - builds check_kernels with AddressSanitizer and UndefinedBehaviourSanitizer.
#
#   check.sh OUT     OUT: folder of the program
#
# All kernels make one unit, each file in a namespace of its own: most of the time goes into the headers.
set -euo pipefail
out=$1
here=$(cd "$(dirname "$0")" && pwd)
kernels=$here/../../main/java/io/sscam/kernels/cuda/op
mkdir -p "$out"
flags="-std=c++20 -O1 -g1 -Wall -Wno-unknown-pragmas -ffp-contract=off"
flags="$flags -fsanitize=address,undefined -fno-sanitize-recover=all -fsanitize-sections=emu_shared -I$here -I$kernels"
{
  for header in "$kernels"/*.cuh; do echo "#include \"$(basename "$header")\""; done
  for cu in "$kernels"/*.cu "$here"/wrong_kernels.cu; do
    name=$(basename "$cu")
    printf 'namespace file_%s {\n#include "%s"\n}\n' "${name%.cu}" "$name"
  done
} > "$out/kernels.cpp"
g++ $flags -c "$out/kernels.cpp" -o "$out/kernels.o" &
g++ $flags -c "$here/check_kernels.cpp" -o "$out/check_kernels.o"
wait $!
g++ $flags "$out/kernels.o" "$out/check_kernels.o" -o "$out/check_kernels"
