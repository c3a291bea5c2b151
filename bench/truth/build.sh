#!/bin/bash
# build.sh OUT -- a large image filled by each ecosystem's own installer, and what these installers say is in it.
# OUT/real.docker.tar and OUT/real.oci.tar (gzip), OUT/rootfs (merged), OUT/truth.tsv (ecosystem, name, version, who says so),
# OUT/Dockerfile. Run as root on Debian; needs buildah, skopeo, mmdebstrap, npm, python3 with pip, go, cargo, mvn, composer, gem,
# rpmbuild, a JDK, and the registries of npm, PyPI, Go, crates.io, Maven and Debian. What cannot be had is told and left out.
set -euo pipefail
OUT=$(realpath -m "${1:?usage: build.sh OUT}"); HERE=$(dirname "$(realpath "$0")"); MIRROR=${MIRROR:-http://deb.debian.org/debian}
[ "$(id -u)" = 0 ] || { echo "build.sh: run as root" >&2; exit 2; }
export SOURCE_DATE_EPOCH=${SOURCE_DATE_EPOCH:-1700000000} DEBIAN_FRONTEND=noninteractive
C=$OUT/context; mkdir -p "$C"; LEFT=
log() { printf '%(%H:%M:%S)T %5ss  %s\n' -1 "$SECONDS" "$*" >&2; }
# part NAME COMMAND… : a part of the context; one that cannot be had leaves an empty folder
part() { local n=$1; shift; [ -e "$C/.$n" ] && return; mkdir -p "$C/$n"; log "$n"
  if (cd "$C/$n" && "$@") > "$OUT/$n.log" 2>&1; then touch "$C/.$n"; else LEFT+=" $n"; log "$n: not made, see $OUT/$n.log"; fi; }

base() { mmdebstrap -q --variant=minbase --include=ca-certificates bookworm base.tar "$MIRROR"; }
npm_app() { cp -r "$HERE/app/." .; npm install --no-audit --no-fund --ignore-scripts; }
node_copy() { mkdir -p bin lib/node_modules; cp "$(command -v node)" bin/; cp -r "$(npm root -g)/npm" lib/node_modules/; }
wheels() { pip download -q -d . -r "$HERE/requirements.txt" paramiko==3.4.0; pip download -q --no-deps -d . six==1.16.0; }
gems() { local n; for n in alpha-one beta_two; do mkdir -p $n/lib; echo "X = 1" > $n/lib/$n.rb
  printf 'Gem::Specification.new { |s| s.name="%s"; s.version="1.2.3"; s.summary="s"; s.authors=["A B"]; s.license="MIT"; s.files=["lib/%s.rb"]; s.homepage="https://example.org" }\n' $n $n > $n/$n.gemspec
  (cd $n && gem build -q $n.gemspec && mv ./*.gem ..); done; }
php() { local n; for n in one two three; do mkdir -p $n; printf '{"name":"acme/%s","version":"1.%s.0","license":"MIT","authors":[{"name":"A","email":"a@acme.example"}]}' $n ${#n} > $n/composer.json; done
  printf '{"name":"acme/app","version":"0.1.0","repositories":[{"type":"path","url":"one","options":{"symlink":false}},{"type":"path","url":"two","options":{"symlink":false}},{"type":"path","url":"three","options":{"symlink":false}},{"packagist.org":false}],"require":{"acme/one":"*","acme/two":"*"},"require-dev":{"acme/three":"*"}}' > composer.json
  COMPOSER_ALLOW_SUPERUSER=1 composer install -q --no-interaction; }
go_bins() { export GOBIN=$PWD GOFLAGS=-trimpath; local m; for m in github.com/mikefarah/yq/v4@v4.44.3 golang.org/x/tools/cmd/goimports@v0.24.0 github.com/google/go-containerregistry/cmd/crane@v0.20.2 github.com/go-delve/delve/cmd/dlv@v1.23.0; do
  CGO_ENABLED=0 go install -ldflags=-s "$m"; done; }
rust() { cargo install -q --root "$OUT/tools" cargo-auditable; PATH=$OUT/tools/bin:$PATH cargo auditable install -q --root "$PWD" hexyl; }
maven() { cp "$HERE/pom.xml" .; mvn -q -B package dependency:copy-dependencies -DoutputDirectory=lib; mvn -q -B dependency:list -DoutputFile="$PWD/list.txt" -DincludeScope=runtime; }
jre() { jlink --add-modules java.base,java.logging --output jre; }
rpms() { local n; for n in one two three four; do printf 'Name: %s\nVersion: 1.%s\nRelease: 2\nSummary: s\nLicense: MIT\nVendor: Acme\nBuildArch: noarch\n%s\n%%description\nd\n%%install\nmkdir -p %%{buildroot}/usr/share; echo x > %%{buildroot}/usr/share/%s\n%%files\n/usr/share/%s\n' $n ${#n} "$([ $n != two ] || printf 'Epoch: 1\nRequires: one\n')" $n $n > $n.spec
  rpmbuild -bb -D "_topdir $PWD/top" -D "_rpmdir $PWD" $n.spec; done
  mkdir -p root/etc; printf 'ID=fedora\nVERSION_ID=41\nNAME="Fedora Linux"\n' > root/etc/os-release
  rpm --root "$PWD/root" -D "_dbpath /var/lib/rpm" --initdb; rpm --root "$PWD/root" -D "_dbpath /var/lib/rpm" -i --nodeps --force-debian noarch/*.rpm; rpm --root "$PWD/root" -D "_dbpath /var/lib/rpm" -e --nodeps four
  rpm --root "$PWD/root" -D "_dbpath /var/lib/rpm" -qa --qf 'rpm\t%{NAME}\t%|EPOCH?{%{EPOCH}:}|%{VERSION}-%{RELEASE}\trpm -qa\n' > "$OUT/rpm.tsv"; }

part base base & part npm_app npm_app; part wheels wheels; wait
part node_copy node_copy; part gems gems; part php php; part jre jre; part rpms rpms
part go_bins go_bins; part maven maven; part rust rust
echo "{}" > "$C/.keep.json"

cp "$HERE/real.Dockerfile" "$OUT/Dockerfile"
printf '[storage]\ndriver="overlay"\nrunroot="%s"\ngraphroot="%s"\n' "$OUT/run" "$OUT/store" > "$OUT/storage.conf"; export CONTAINERS_STORAGE_CONF=$OUT/storage.conf
log "buildah bud"
buildah bud --isolation chroot --layers --pull=never -v "$C/wheels:/wheels:ro" -v "$C/gems:/gems:ro" -f "$OUT/Dockerfile" -t localhost/real:1 "$C" > "$OUT/bud.log" 2>&1 || { tail -30 "$OUT/bud.log" >&2; exit 1; }
rm -f "$OUT"/real.*.tar
S="containers-storage:[overlay@$OUT/store+$OUT/run]localhost/real:1"
skopeo --insecure-policy copy -q "$S" "docker-archive:$OUT/real.docker.tar:localhost/real:1"
skopeo --insecure-policy copy -q "$S" "oci-archive:$OUT/real.oci.tar:1"
log "what the installers say"
ctr=$(buildah from --pull=never localhost/real:1); M=$(buildah mount "$ctr")
bash "$HERE/ask.sh" "$M" "$C" > "$OUT/truth.tsv"
rm -rf "$OUT/rootfs"; cp -a "$M" "$OUT/rootfs"
buildah umount "$ctr" > /dev/null; buildah rm "$ctr" > /dev/null
log "done; not made:${LEFT:- nothing}"; cut -f1 "$OUT/truth.tsv" | sort | uniq -c >&2
