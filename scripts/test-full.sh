#!/usr/bin/env bash
# npm run test:full: what takes too long for every change. All tests, also on images of several gigabytes that
# ../shared/images/make-images.sh builds (root, Debian, about 15 GB of disk; DLINT_BENCH_IMAGES says where they are).
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."
images=${DLINT_BENCH_IMAGES:-${TMPDIR:-/tmp}/dlint-bench-images}
export DLINT_BENCH_IMAGES=$images
for kind in edge big; do
  [ -s "$images/$kind.docker.tar" ] || ../shared/images/make-images.sh "$images" "$kind"
done
DLINT_IMAGES=$images/edge.docker.tar:$images/edge.oci-gzip.tar:$images/edge-vfs.docker.tar:$images/big.docker.tar:$images/big.oci-gzip.tar \
  npx vitest run
npm run bench
