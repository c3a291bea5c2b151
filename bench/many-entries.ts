import { createHash } from 'node:crypto';
import { closeSync, ftruncateSync, mkdirSync, openSync, statSync, writeFileSync, writeSync } from 'node:fs';
import { join } from 'node:path';
import type { Group } from './measure.ts';
import { dlint, quote } from './programs.ts';

const ENTRIES = 1_000_000;
const HOLE = 10 * 1024 ** 3;
const BLOCK = 512;

/** Images that are large in one way: a million files in one layer and in ten, and one file of 10 GiB. */
export function manyEntries(scratch: string, rounds: number): Group {
  const [one, ten, hole] = [join(scratch, 'one'), join(scratch, 'ten'), join(scratch, 'hole')];
  writeLayout(one, [{ from: 0, to: ENTRIES }]);
  writeLayout(
    ten,
    Array.from({ length: 10 }, (_, i) => ({ from: (i * ENTRIES) / 10, to: ((i + 1) * ENTRIES) / 10 })),
  );
  writeLayout(hole, [{ from: 0, to: 1, size: HOLE }]);
  const command = (...words: string[]): string[] => dlint('inspect', '--no-cache', ...words);
  return {
    title: 'Inspect: a million files, and one of 10 GiB',
    note: 'The limit is `tar -tf` of the layer with a million files. What counts here is memory.',
    rounds,
    notCompared: [],
    work: { entries: ENTRIES },
    cases: [
      { name: 'tar -tf', command: `tar -tf ${quote(join(one, 'blobs/sha256', layerName(0)))}` },
      { name: 'dlint inspect, 1,000,000 files in one layer', command: command(one) },
      { name: 'dlint inspect, 1,000,000 files in ten layers', command: command(ten) },
      { name: 'dlint inspect, one file of 10 GiB', command: command(hole) },
    ],
  };
}

interface Span {
  readonly from: number;
  readonly to: number;
  /** Of each file; a hole on the disk. */
  readonly size?: number;
}

/** An OCI layout with plain layers, whose names are no digests: making one of 10 GiB takes longer than measuring it. */
function writeLayout(layout: string, spans: readonly Span[]): void {
  const blobs = join(layout, 'blobs/sha256');
  mkdirSync(blobs, { recursive: true });
  const put = (value: unknown): { digest: string; size: number } => {
    const bytes = JSON.stringify(value);
    const hex = createHash('sha256').update(bytes).digest('hex');
    writeFileSync(join(blobs, hex), bytes);
    return { digest: `sha256:${hex}`, size: bytes.length };
  };
  const layers = spans.map((span, i) => {
    const file = join(blobs, layerName(i));
    writeLayer(file, span);
    const digest = `sha256:${layerName(i)}`;
    return { mediaType: 'application/vnd.oci.image.layer.v1.tar', digest, size: statSync(file).size };
  });
  const diffIds = layers.map(({ digest }) => digest);
  const config = put({ architecture: 'amd64', os: 'linux', config: {}, rootfs: { type: 'layers', diff_ids: diffIds } });
  const manifest = put({
    schemaVersion: 2,
    config: { ...config, mediaType: 'application/vnd.oci.image.config.v1+json' },
    layers,
  });
  const manifests = [{ ...manifest, mediaType: 'application/vnd.oci.image.manifest.v1+json' }];
  writeFileSync(join(layout, 'index.json'), JSON.stringify({ schemaVersion: 2, manifests }));
  writeFileSync(join(layout, 'oci-layout'), '{"imageLayoutVersion":"1.0.0"}');
}

function layerName(index: number): string {
  return String(index).padStart(64, '0');
}

function writeLayer(file: string, { from, to, size = 0 }: Span): void {
  const fd = openSync(file, 'w');
  let at = 0;
  let pending: Buffer[] = [];
  const flush = (): void => {
    at += writeSync(fd, Buffer.concat(pending), 0, undefined, at);
    pending = [];
  };
  for (let i = from; i < to; i++) {
    // A directory, and nine files in it.
    const directory = `usr/share/packages/part-${Math.floor(i / 10_000)}/some-module-${Math.floor(i / 10)}/`;
    pending.push(i % 10 === 0 && size === 0 ? header(directory, 0) : header(`${directory}file-${i}.js`, size));
    if (pending.length === 1000) flush();
  }
  flush();
  ftruncateSync(fd, at + Math.ceil(((to - from) * size) / BLOCK) * BLOCK + 2 * BLOCK);
  closeSync(fd);
}

/** POSIX ustar. */
function header(name: string, size: number): Buffer {
  const block = Buffer.alloc(BLOCK);
  block.write(name, 0);
  block.write(`0000644\0${'0000000\0'.repeat(2)}`, 100);
  // GNU's base-256 where the octal field is too small.
  if (size < 8 ** 11) block.write(`${size.toString(8).padStart(11, '0')}\0`, 124);
  else {
    block[124] = 0x80;
    block.writeBigUInt64BE(BigInt(size), 128);
  }
  block.write('00000000000\0        0', 136);
  block.write(`ustar\0${'00'}`, 257);
  const sum = block.reduce((total, byte) => total + byte, 0);
  block.write(`${sum.toString(8).padStart(6, '0')}\0 `, 148);
  return block;
}
