import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pack } from 'tar-stream';
import { afterAll, expect, test } from 'vitest';
import { readProbe } from '../../src/layers/probes/read.ts';
import { scanLayers } from '../../src/layers/scan-layers.ts';
import { stack } from '../../src/layers/stack.ts';
import type { Cataloger, Package } from '../../src/sbom/package.ts';
import { composeSbom } from '../../src/sbom/sbom.ts';
import { sbomProbes, sbomProbeTable } from '../../src/sbom/sbom-probes.ts';
import { imageOf } from '../support/image-of.ts';

const folder = mkdtempSync(join(tmpdir(), 'dlint-readings-'));
afterAll(() => rmSync(folder, { recursive: true }));

interface Tail {
  readonly version: string;
}

/** Files that begin with `TAIL` and end with their version. */
const tails: Cataloger = {
  name: 'tails',
  version: 1,
  files: [],
  reader: {
    wants: ({ path, mode }) => path.endsWith('.bin') && (mode & 0o111) !== 0,
    accepts: (head) => Buffer.from(head.subarray(0, 4)).toString() === 'TAIL',
    read(bytes, path): Tail {
      if (path.includes('broken')) throw new RangeError('offset out of range');
      return { version: bytes.slice(bytes.size - 5, bytes.size + 99).toString('latin1') };
    },
  },
  *catalog(view): Iterable<Package> {
    for (const { path, value } of view.readings<Tail>('tails')) {
      const purl = `pkg:generic/tail@${value.version}`;
      const facts = { name: 'tail', version: value.version, purl, ecosystem: 'generic', foundBy: 'tails' };
      yield { ...facts, confidence: 1, evidence: [path] };
    }
  },
};

async function layer(name: string, files: readonly { name: string; body?: Buffer; link?: string; mode?: number }[]) {
  const tar = pack();
  for (const { name, body, link, mode = 0o755 } of files) {
    if (link) tar.entry({ name, type: 'link', linkname: link });
    else tar.entry({ name, mode }, body ?? Buffer.alloc(0));
  }
  tar.finalize();
  const chunks: Buffer[] = [];
  for await (const chunk of tar) chunks.push(chunk as Buffer);
  const bytes = Buffer.concat(chunks);
  const file = join(folder, name);
  writeFileSync(file, bytes);
  return { file, offset: 0, length: bytes.length };
}

function tail(version: string, size: number): Buffer {
  return Buffer.concat([Buffer.from('TAIL'), Buffer.alloc(size), Buffer.from(version)]);
}

test('files are reduced while their layer passes, small and large, and belong to their layers', async () => {
  const first = await layer('1.tar', [
    { name: 'a.bin', body: tail('1.0.0', 10) },
    { name: 'large.bin', body: tail('2.0.0', 33 * 1024 * 1024) },
    { name: 'gone.bin', body: tail('3.0.0', 600) },
    { name: 'other.bin', body: Buffer.from('something else') },
    { name: 'plain.bin', body: tail('4.0.0', 1), mode: 0o644 },
    { name: 'broken.bin', body: tail('5.0.0', 1) },
    { name: 'empty.bin', body: Buffer.alloc(0) },
  ]);
  const second = await layer('2.tar', [
    { name: '.wh.gone.bin', body: Buffer.alloc(0) },
    { name: 'b.bin', body: tail('6.0.0', 0) },
    { name: 'linked', link: 'b.bin' },
  ]);
  const image = imageOf(2);
  const layers = image.layers.map((layer, i) => ({ ...layer, at: [first, second][i] as typeof first }));
  const probeTable = sbomProbeTable([tails]);
  const records = await scanLayers({ reference: 'x', layers }, sbomProbes([tails]), { probeTable });
  const sbom = composeSbom({ ...image, layers }, records, stack(records), [tails]);
  expect(sbom.packages.map(({ version, occurrences, layer }) => [version, occurrences, layer?.index])).toEqual([
    ['1.0.0', ['a.bin'], 1],
    ['2.0.0', ['large.bin'], 1],
    ['6.0.0', ['b.bin', 'linked'], 2],
  ]);
  expect(sbom.problems).toEqual([{ path: 'broken.bin', message: 'not read: offset out of range' }]);
  // Where every byte passes, files are collected instead of read from where they stand.
  const passing = await scanLayers({ reference: 'x', layers }, sbomProbes([tails]), { probeTable, verify: true });
  expect(passing.map(({ facts, problems }) => [facts, problems])).toEqual(
    records.map(({ facts, problems }) => [facts, problems]),
  );
});

test('a file over the bound is told and not read', () => {
  const problems: string[] = [];
  const limits = { readFileBytes: 100 };
  const make = readProbe([{ name: 'tails', version: 1, ...(tails.reader as NonNullable<Cataloger['reader']>) }]);
  const probe = make(undefined, { limits: limits as never, problem: (message) => problems.push(message) });
  expect(probe.wants({ path: 'x.bin', size: 101, mode: 0o755 }, Buffer.alloc(0))).toBe(false);
  expect(problems).toEqual(['x.bin: not read: 101 bytes are more than 100']);
});

test('of a file that is looked at from its beginning alone, no more is kept', () => {
  const seen: number[] = [];
  const reader = (name: string, suffix: string, most?: number) => ({
    name,
    version: 1,
    ...(most === undefined ? {} : { most }),
    wants: ({ path }: { path: string }) => path.endsWith(suffix),
    read: ({ size }: { size: number }) => void seen.push(size),
  });
  const make = readProbe([reader('head', '.gguf', 1000), reader('short', 'x.gguf', 600), reader('whole', 'y.gguf')]);
  const limits = { readFileBytes: 5000 };
  const problems: string[] = [];
  const probe = make(undefined, { limits: limits as never, problem: (message) => problems.push(message) });
  for (const [path, size] of [
    ['a.gguf', 1e12],
    ['x.gguf', 700],
    ['y.gguf', 4000],
    ['y.gguf', 9000],
  ] as const) {
    if (!probe.wants({ path, size, mode: 0o644 }, Buffer.alloc(0))) continue;
    const sink = probe.open({ index: 0, path, size } as never);
    for (let left = Math.min(size, 10_000); left > 0; left -= 300) sink?.write(Buffer.alloc(Math.min(left, 300)));
    sink?.end();
  }
  expect(seen).toEqual([1000, 700, 700, 4000, 4000]);
  expect(problems).toEqual(['y.gguf: not read: 9000 bytes are more than 5000']);
});
