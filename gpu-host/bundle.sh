#!/usr/bin/env bash
# bundle.sh - makes a folder with all that a GPU host without Java and network needs to check the CUDA backend.
#
#   gpu-host/bundle.sh [OUT]      (default: target/gpu-bundle); run after: mvn -DskipTests package
#
# A Java runtime, the program, the contract suite with JUnit's console, the peers' scripts. At most 54 MiB: with the sources
# they must pass through 64. The CPU backend stays behind, whose natives would take half of it.
# On the host: ./verify.sh
set -euo pipefail
root=$(cd "$(dirname "$0")/.." && pwd)
out=${1:-$root/target/gpu-bundle}
limit=$((54 << 20))
jar=$root/bench/target/sscam-engine.jar
[ -f "$jar" ] || { echo "no $jar: run mvn -DskipTests package first" >&2; exit 2; }
rm -rf "$out"
mkdir -p "$out/tests"
cp "$jar" "$out/"
zip -qd "$out/sscam-engine.jar" 'org/bytedeco/dnnl/*'
cp "$root"/engine/target/*-tests.jar "$root"/kernels/target/*-tests.jar "$out/tests/"
for artifact in org.junit.platform:junit-platform-console-standalone:1.13.4 org.assertj:assertj-core:3.27.6; do
  mvn -B -ntp -q dependency:copy -f "$root/pom.xml" -N -Dartifact="$artifact" -DoutputDirectory="$out/tests"
done
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
jlink --add-modules java.base,java.desktop,java.logging,java.management,java.naming,java.net.http,java.sql,jdk.crypto.ec,jdk.management,jdk.unsupported \
  --strip-debug --no-header-files --no-man-pages --output "$work/jre"
for library in libjavajpeg.so liblcms.so; do # Debian's Java takes these two from the system
  readelf -d "$work/jre/lib/$library" | awk '/NEEDED/ {gsub(/[][]/, "", $NF); print $NF}' | grep -E '^lib(jpeg|lcms2)\.' | while read -r name; do
    cp -L "$(ldconfig -p | awk -v n="$name" '$1 == n && /x86-64/ {print $NF; exit}')" "$work/jre/lib/"
  done || true
done
tar -c -C "$work" jre | xz -T0 -6 > "$out/jre.tar.xz"
cp "$root/gpu-host/verify.sh" "$root"/bench/peers/*.py "$out/"
cp "$root/examples/rocket.jpg" "$out/picture.jpg"
size=$(du -sb "$out" | cut -f1)
printf '%s: %.1f MiB of 54\n' "$out" "$(echo "$size" | awk '{print $1 / 1048576}')"
[ "$size" -le $limit ] || { echo "too large" >&2; exit 1; }
