#!/bin/bash
# run.sh OUT -- tools on the image of build.sh, each with its time and memory (OUT/times.txt), and how they compare.
# SYFT: the program. TRIVY: a trivy that reads root file systems. SNYK: a folder with node_modules/snyk-docker-plugin.
# What is not there is left out.
set -uo pipefail
OUT=$(realpath -m "${1:?usage: run.sh OUT}"); HERE=$(dirname "$(realpath "$0")"); I=$OUT/real.docker.tar; R=$OUT/found; mkdir -p "$R"; : > "$OUT/times.txt"
DLINT=${DLINT:-$HERE/../../bin/run.js}; SYFT=${SYFT:-$(command -v syft)}
run() { # run NAME COMMAND… : stdout goes to OUT/found/NAME
  local n=$1; shift; /usr/bin/time -o "$OUT/time" -f "$n: %e s, CPU %U + %S s, %M KB" "$@" > "$R/$n" 2> "$R/$n.err" || echo "$n: exit $?" >&2; cat "$OUT/time" >> "$OUT/times.txt"; }
run dlint node "$DLINT" sbom "$I" -q --no-cache
run dlint-oci node "$DLINT" sbom "$OUT/real.oci.tar" -q --no-cache
run dlint-no-hashes node "$DLINT" sbom "$I" -q --no-cache --no-hashes
run dlint-rootfs node "$DLINT" sbom "rootfs:$OUT/rootfs" -q
[ -z "$SYFT" ] || run syft "$SYFT" -q "docker-archive:$I" -o cyclonedx-json
[ -z "${TRIVY:-}" ] || run trivy "$TRIVY" rootfs -q --offline-scan --skip-db-update --skip-files '**/*.jar' --format cyclonedx "$OUT/rootfs"
[ -z "${SNYK:-}" ] || (cd "$SNYK" && run snyk node "$HERE/snyk.cjs" "$SNYK" "$I")
cat "$OUT/times.txt"
if [ -s "$OUT/rpm.tsv" ]; then
  run rpm-dlint node "$DLINT" sbom "rootfs:$OUT/context/rpms/root" -q
  [ -z "$SYFT" ] || run rpm-syft "$SYFT" -q "dir:$OUT/context/rpms/root" -o cyclonedx-json
  [ -z "${TRIVY:-}" ] || run rpm-trivy "$TRIVY" rootfs -q --offline-scan --skip-db-update --skip-files '**/*.jar' --format cyclonedx "$OUT/context/rpms/root"
  args=(); for n in dlint syft trivy; do [ -s "$R/rpm-$n" ] && args+=("$n=$R/rpm-$n"); done
  (cd "$HERE/../.." && npx tsx "$HERE/compare.ts" "$OUT/rpm.tsv" "${args[@]}")
fi
args=(); for n in dlint dlint-rootfs syft trivy snyk; do [ -s "$R/$n" ] && args+=("$n=$R/$n"); done
cd "$HERE/../.." && npx tsx "$HERE/compare.ts" "$OUT/truth.tsv" "${args[@]}"
node "$DLINT" sbom "$I" -q --no-hashes --all-layers --dockerfile "$OUT/Dockerfile" > "$R/traced" && python3 "$HERE/replay.py" "$I" "$R/traced" "$OUT/Dockerfile"
