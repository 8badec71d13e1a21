#!/usr/bin/env bash
# verify.sh - on a GPU host: does the CUDA backend compute what it should, and how fast?
#
#   ./verify.sh [RESULTS]         (default: results beside this script)
#
# Runs the self-test in all precisions, compute-sanitizer's memory check over the operations, the contract suite (a skip
# is a failure), SS-CAM on ResNet-18 beside PyTorch, the quick bench in float16, then what there is time for: the other
# benches and the check for races. After every step
# RESULTS/verify.json holds every figure so far and the environment, and RESULTS/all.tar all files. Goes on after a
# failure and ends with the number of failed steps, those without time among them. No step takes more than STEP_SECONDS (240), and none begins when
# TOTAL_SECONDS (570) are over: STEPS="benches races" runs the groups named, in a second call.
# CUDA's libraries are found by the program itself; those that lie elsewhere through SSCAM_CUDA_PATH.
set -uo pipefail
here=$(cd "$(dirname "$0")" && pwd)
results=${1:-$here/results}
mkdir -p "$results"
results=$(cd "$results" && pwd)
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
xz -dc "$here/jre.tar.xz" | tar -x -C "$work" 2> /dev/null ||
  python3 -c 'import sys, tarfile; tarfile.open(sys.argv[1], "r:xz").extractall(sys.argv[2])' "$here/jre.tar.xz" "$work"
java="$work/jre/bin/java -Djava.awt.headless=true"
program="$java -jar $here/sscam-engine.jar"
# pip keeps NVIDIA's libraries in a folder of its own
nvidia=$(python3 -c 'import importlib.util as u
s = u.find_spec("nvidia")
import glob
print(":".join(d for p in (s.submodule_search_locations if s else []) for d in sorted(glob.glob(p + "/*/lib"))))' 2> /dev/null)
driver=$(ldconfig -p 2> /dev/null | awk '$1 == "libcuda.so.1" && /x86-64/ {print $NF; exit}')
[ -n "$driver" ] || driver=$(find -L /usr/local/nvidia -name libcuda.so.1 2> /dev/null | head -1)
export SSCAM_CUDA_PATH=${SSCAM_CUDA_PATH:-$nvidia${driver:+:$(dirname "$driver")}}
export LD_LIBRARY_PATH=$SSCAM_CUDA_PATH${LD_LIBRARY_PATH:+:$LD_LIBRARY_PATH} # one version of cuDNN's parts for all
unset LD_BIND_NOW # JCuda's natives name functions that newer libraries lack and nobody calls
export SSCAM_CACHE=${SSCAM_CACHE:-$work/cache}
failed=0 steps=
groups=" ${STEPS:-devices selftest memory contract peers bench benches races} "
wants() { [[ $groups == *" $1 "* ]]; }

quote() { tr '\n"\\\t' ' ..  ' < "$1" | head -c 4000; }

summary() {
  local separator file name
  {
    echo "{\"date\":\"$(date -u +%FT%TZ)\",\"gpu\":\"$(nvidia-smi --query-gpu=name,driver_version,memory.total,clocks.max.sm --format=csv,noheader 2> /dev/null | head -1)\","
    echo "\"devices\":\"$(quote "$results/devices.log")\",\"steps\":{$steps},\"failed\":$failed,\"results\":{"
    separator=
    for file in "$results"/*.json "$results"/ours-*/*.json; do
      case $file in */verify.json) continue ;; esac
      [ -f "$file" ] || continue
      name=${file#"$results"/}
      printf '%s"%s":' "$separator" "${name%.json}"
      cat "$file"
      separator=,
    done
    echo "}}"
  } > "$results/verify.json"
  tar -cf "$results/.all" -C "$results" --exclude=.all --exclude=all.tar . && mv "$results/.all" "$results/all.tar"
}

step() { # NAME COMMAND...
  local name=$1 start=$SECONDS rc=0 left=$((${TOTAL_SECONDS:-570} - SECONDS))
  shift
  echo "== $name"
  if [ $left -le 5 ]; then
    echo "no time left" > "$results/$name.log"
    rc=124
  else
    timeout -k 5 $((left < ${STEP_SECONDS:-240} ? left : ${STEP_SECONDS:-240})) "$@" > "$results/$name.log" 2>&1 || rc=$?
  fi
  tail -n 4 "$results/$name.log"
  [ $rc -eq 0 ] || { failed=$((failed + 1)); echo "-- $name FAILED with $rc"; }
  steps="$steps${steps:+,}\"$name\":{\"exit\":$rc,\"seconds\":$((SECONDS - start))}"
  summary
}

wants devices && step devices $program devices
if wants selftest; then
  for precision in fp32 tf32 fp16; do
    step selftest-$precision $program selftest --device cuda:0 --precision $precision --json "$results/selftest-$precision.json"
  done
fi
# A group is there for its tool: without it, or without its last line, nothing was checked.
sanitizer() { # TOOL SUMMARY
  local tool=$1 path
  path=$(command -v compute-sanitizer || echo /usr/local/cuda/bin/compute-sanitizer)
  # cuDNN and cuBLAS ask the driver for what it may not have: not an error of ours
  "$path" --tool "$tool" --launch-timeout 0 --report-api-errors no --target-processes all --error-exitcode 9 \
    $program selftest --operations --device cuda:0 2>&1 | tee "$work/$tool.out"
  local rc=${PIPESTATUS[0]}
  [ "$rc" -ne 0 ] || grep -q "$2" "$work/$tool.out" || rc=10
  return "$rc"
}
export -f sanitizer
export program work
wants memory && step memcheck bash -c 'sanitizer memcheck "ERROR SUMMARY: 0 errors"'
if wants contract; then
  step contract env REQUIRE_CUDA=1 $java -Dsscam.root="$here" \
    -cp "$here/sscam-engine.jar:$(echo "$here"/tests/*.jar | tr ' ' ':')" \
    org.junit.platform.console.ConsoleLauncher execute --disable-banner --details=summary --fail-if-no-tests \
    --select-class io.sscam.kernels.cuda.CudaBackendTest
fi
if wants peers && python3 -c 'import torch' 2> /dev/null; then
  step weights python3 "$here/torch_nets.py" resnet18 "$work/resnet18.safetensors"
  for run in 1 2 3 4 5; do cp "$here/picture.jpg" "$work/run$run.jpg"; done
  for precision in fp32 fp16; do
    # the first picture warms up; each picture's own JSON holds its times
    step ours-$precision $program explain "$work"/run?.jpg --model resnet18 --weights "$work/resnet18.safetensors" \
      --preset default --device cuda:0 --precision $precision --out "$results/ours-$precision" --format json
    step careful-$precision python3 "$here/pytorch_sscam.py" --weights "$work/resnet18.safetensors" --precision $precision \
      --json "$results/careful-$precision.json"
  done
  step torch-cam python3 "$here/torch_cam.py" --device cuda --weights "$work/resnet18.safetensors" --engines "" \
    --samples 10 --repeats 1 --json "$results/torch-cam.json"
elif wants peers; then
  step peers python3 -c 'import torch'
fi
bench() { # PRECISION
  step bench-$1 $program bench all --quick --device cuda:0 --precision $1 \
    --json "$results/bench-$1.json" --html "$results/bench-$1.html"
}
wants bench && bench fp16
wants benches && { bench fp32; bench tf32; }
wants races && step racecheck bash -c 'sanitizer racecheck "RACECHECK SUMMARY: 0 hazards"'
echo "$failed steps failed; all figures are in $results/verify.json"
exit $failed
