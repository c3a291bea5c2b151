#!/usr/bin/env bash
# npm run test:full: what takes too long for every change. All tests, also on images of several gigabytes that
# ../shared/images/make-images.sh builds (root, Debian, about 15 GB of disk; DLINT_BENCH_IMAGES says where they are),
# every fix of every file of the corpus, and how much of the rules their examples notice.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."
images=${DLINT_BENCH_IMAGES:-${TMPDIR:-/tmp}/dlint-bench-images}
export DLINT_BENCH_IMAGES=$images
for kind in edge big; do
  [ -s "$images/$kind.docker.tar" ] || ../shared/images/make-images.sh "$images" "$kind"
done
DLINT_IMAGES=$images/edge.docker.tar:$images/edge.oci-gzip.tar:$images/edge-vfs.docker.tar:$images/big.docker.tar:$images/big.oci-gzip.tar \
  DLINT_WHOLE_CORPUS=1 npx vitest run
npx tsx scripts/mutation.ts --least 90
npm run bench
