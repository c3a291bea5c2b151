import { execFileSync } from 'node:child_process';
import { closeSync, existsSync, mkdirSync, openSync, readdirSync, readFileSync, readSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import type { Group } from './measure.ts';
import { dlint, present, quote, root } from './programs.ts';

const DOCKER = 'big.docker.tar';
const OCI = 'big.oci-gzip.tar';
const ZSTD = 'big.oci-zstd.tar';

/** Where the large image is: `DLINT_BENCH_IMAGES`, or made on the spot. A sentence instead when it can be neither. */
export function findImages(): { folder: string } | { missing: string } {
  const folder = process.env.DLINT_BENCH_IMAGES ?? join(tmpdir(), 'dlint-bench-images');
  if (existsSync(join(folder, DOCKER)) && existsSync(join(folder, OCI))) return { folder };
  const script = resolve(root, '../shared/images/make-images.sh');
  if (process.getuid?.() !== 0 || !existsSync(script)) {
    return { missing: `${folder} has no ${DOCKER} and ${OCI} (make-images.sh makes them, as root on Debian)` };
  }
  mkdirSync(folder, { recursive: true });
  execFileSync(script, [folder, 'big'], { stdio: ['ignore', 2, 2] });
  return { folder };
}

interface ExtractedLayers {
  readonly plain: readonly string[];
  readonly gzip: readonly string[];
  /** None where the image is not there in this form. */
  readonly zstd: readonly string[];
}

/** The layers of all forms as files of their own, so that tar, gzip and zstd can read them without our help. */
export function extractLayers(folder: string, scratch: string): ExtractedLayers {
  const extract = (archive: string, name: string): string => {
    const into = join(scratch, name);
    mkdirSync(into);
    execFileSync('tar', ['-xf', join(folder, archive), '-C', into]);
    return into;
  };
  const plain = extract(DOCKER, 'plain');
  const manifest: { Layers: string[] }[] = JSON.parse(readFileSync(join(plain, 'manifest.json'), 'utf8'));
  return {
    plain: (manifest[0]?.Layers ?? []).map((layer) => join(plain, layer)),
    gzip: blobs(extract(OCI, 'gzip'), '1f8b'),
    zstd: existsSync(join(folder, ZSTD)) ? blobs(extract(ZSTD, 'zstd'), '28b52ffd') : [],
  };
}

/** The blobs of an OCI layout that begin with these bytes: RFC 1952, RFC 8878. */
function blobs(layout: string, magic: string): string[] {
  const folder = join(layout, 'blobs/sha256');
  return readdirSync(folder)
    .map((blob) => join(folder, blob))
    .filter((path) => beginning(path, magic.length / 2) === magic);
}

function beginning(path: string, bytes: number): string {
  const head = Buffer.alloc(bytes);
  const file = openSync(path, 'r');
  readSync(file, head);
  closeSync(file);
  return head.toString('hex');
}

/** The large image in the form `docker save` gives, where bodies can be skipped by seeking. */
export function dockerArchive(folder: string, layers: readonly string[], rounds: number): Group {
  const archive = join(folder, DOCKER);
  const list = `for layer in ${layers.map(quote).join(' ')}; do tar -tf "$layer"; done`;
  const peers = present([
    { program: 'dive', name: 'dive --ci', command: ['dive', '--ci', `docker-archive://${archive}`], exits: [0, 1] },
  ]);
  return {
    title: 'Inspect: docker-archive',
    note: 'The limit is `tar -tf` of each layer, extracted beforehand.',
    rounds,
    notCompared: peers.notCompared,
    work: { bytes: statSync(archive).size, entries: countLines(list) },
    cases: [
      { name: 'tar -tf each layer', command: list },
      { name: 'cat', command: ['cat', archive] },
      { name: 'list alone (library)', command: [process.execPath, join(root, 'bench/list.js'), archive] },
      { name: 'dlint inspect', command: dlint('inspect', '--no-cache', archive) },
      { name: 'dlint inspect -f json', command: dlint('inspect', '--no-cache', '-f', 'json', archive) },
      { name: 'dlint inspect, seen before', command: dlint('inspect', archive), again: true },
      {
        name: 'cat | dlint inspect -',
        command: `cat ${quote(archive)} | ${dlint('inspect', '-').map(quote).join(' ')}`,
      },
      { name: 'openssl sha256', command: ['openssl', 'sha256', archive] },
      { name: 'dlint inspect --verify', command: dlint('inspect', '--no-cache', '--verify', archive) },
      ...peers.cases,
    ],
  };
}

/** The same image with gzip layers: everything must be inflated, and is hashed as it passes. */
export function ociGzip(folder: string, plain: readonly string[], gzip: readonly string[], rounds: number): Group {
  const archive = join(folder, OCI);
  const each = (command: string, atOnce: number) =>
    `printf '%s\\0' ${gzip.map(quote).join(' ')} | xargs -0 -n1 -P${atOnce} sh -c ${quote(command)} sh`;
  const peers = present([
    { program: 'pigz', name: 'pigz -dc | openssl sha256', command: each('pigz -dc "$1" | openssl sha256', 2) },
    { program: 'igzip', name: 'igzip -dc | openssl sha256', command: each('igzip -dc "$1" | openssl sha256', 2) },
  ]);
  return {
    title: 'Inspect: OCI archive, gzip layers',
    note: 'The limit is inflating and hashing each layer, two at once; rates count uncompressed bytes.',
    rounds,
    notCompared: peers.notCompared,
    work: {
      bytes: plain.reduce((sum, layer) => sum + statSync(layer).size, 0),
      entries: countLines(`for layer in ${plain.map(quote).join(' ')}; do tar -tf "$layer"; done`),
    },
    cases: [
      { name: 'gzip -dc | sha256sum', command: each('gzip -dc "$1" | sha256sum', 2) },
      { name: 'gzip -dc | openssl sha256', command: each('gzip -dc "$1" | openssl sha256', 2) },
      { name: 'gzip -dc | tar -t', command: each('gzip -dc "$1" | tar -t', 2) },
      ...peers.cases,
      { name: 'dlint inspect', command: dlint('inspect', '--no-cache', archive) },
      { name: 'dlint inspect, seen before', command: dlint('inspect', archive), again: true },
      {
        name: 'cat | dlint inspect -',
        command: `cat ${quote(archive)} | ${dlint('inspect', '-').map(quote).join(' ')}`,
      },
    ],
  };
}

/** The same image with zstd layers. Node has zstd of its own from 22.15 on; else the program decodes, or a script. */
export function ociZstd(folder: string, plain: readonly string[], zstd: readonly string[], rounds: number): Group {
  const archive = join(folder, ZSTD);
  const decoded = (then: string): string =>
    `for layer in ${zstd.map(quote).join(' ')}; do zstd -dcq "$layer"${then}; done`;
  const peers = present([
    { program: 'zstd', name: 'zstd -dc each layer', command: decoded(' > /dev/null') },
    { program: 'zstd', name: 'zstd -dc | openssl sha256', command: decoded(' | openssl sha256') },
  ]);
  return {
    title: 'Inspect: OCI archive, zstd layers',
    note: `The limit is inflating each layer, one after the other; this is Node ${process.version}.`,
    rounds,
    notCompared: peers.notCompared,
    work: { bytes: plain.reduce((sum, layer) => sum + statSync(layer).size, 0) },
    cases: [...peers.cases, { name: 'dlint inspect', command: dlint('inspect', '--no-cache', archive) }],
  };
}

/** Packages of the large image. */
export function sbom(folder: string, layers: readonly string[], rounds: number): Group {
  const archive = join(folder, DOCKER);
  const list = `for layer in ${layers.map(quote).join(' ')}; do tar -tf "$layer"; done`;
  const peers = present([
    {
      program: 'syft',
      name: 'syft -o cyclonedx-json',
      command: ['syft', '-q', `docker-archive:${archive}`, '-o', 'cyclonedx-json'],
    },
    {
      program: 'trivy',
      name: 'trivy image --format cyclonedx',
      command: ['trivy', 'image', '--offline-scan', '--format', 'cyclonedx', '--input', archive],
    },
  ]);
  return {
    title: 'SBOM: docker-archive',
    note: 'The limit is `tar -tf` of each layer, extracted beforehand.',
    rounds,
    notCompared: peers.notCompared,
    work: { bytes: statSync(archive).size, entries: countLines(list) },
    cases: [
      { name: 'tar -tf each layer', command: list },
      { name: 'dlint sbom -f cyclonedx', command: dlint('sbom', '--no-cache', '-f', 'cyclonedx', archive) },
      { name: 'dlint sbom -f spdx', command: dlint('sbom', '--no-cache', '-f', 'spdx', archive) },
      ...peers.cases,
    ],
  };
}

function countLines(command: string): number {
  return Number(execFileSync('sh', ['-c', `{ ${command}; } | wc -l`], { encoding: 'utf8' }));
}
