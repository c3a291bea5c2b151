import { appendFileSync, existsSync, readdirSync, readFileSync, statSync, utimesSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { describe, expect, it } from 'vitest';
import { liveContents } from '../../src/layers/live-contents.ts';
import { openImage } from '../../src/layers/open.ts';
import type { LayerRecord } from '../../src/layers/record.ts';
import { identify, RecordCache } from '../../src/layers/record-cache.ts';
import { scanLayers } from '../../src/layers/scan-layers.ts';
import { stack } from '../../src/layers/stack.ts';
import { decide } from '../support/decide.ts';
import { dockerArchive, OciFiles, sha256, tarOf, temporaryFile, temporaryFolder } from '../support/images.ts';
import { later } from '../support/later.ts';

const plain = (records: readonly LayerRecord[]) =>
  records.map((record) => ({ ...record, entries: [...record.entries] }));
const bodies = (records: readonly LayerRecord[]) =>
  records.flatMap(({ entries }) => [...entries].map(({ size }) => size));

describe('RecordCache', () => {
  it('gives back what it keeps, typed arrays as well, and nothing under another key', () => {
    const cache = new RecordCache(join(temporaryFolder(), 'not', 'there'));
    const value = { names: new Uint8Array([1, 2, 3]), sizes: new Float64Array([1e300]), text: 'x' };
    cache.write(['a', 1], value);
    expect(cache.read(['a', 1])).toEqual(value);
    expect(cache.has(['a', 1])).toBe(true);
    expect(cache.read(['a', 2])).toBeUndefined();
  });

  it('takes a damaged entry for none, wherever the damage is, and writes it anew', () => {
    const folder = temporaryFolder();
    const cache = new RecordCache(folder);
    cache.write('k', { a: 'b' });
    const file = join(folder, readdirSync(folder)[0] as string);
    const good = readFileSync(file);
    for (let at = 0; at < good.length; at++) {
      const bad = Buffer.from(good);
      bad[at] = (bad[at] as number) ^ 0x20;
      writeFileSync(file, bad);
      expect(cache.read('k')).toBeUndefined();
      writeFileSync(file, good.subarray(0, at));
      expect(cache.read('k')).toBeUndefined();
    }
    cache.write('k', { a: 'c' });
    expect(cache.read('k')).toEqual({ a: 'c' });
    expect(statSync(file).mode & 0o077).toBe(0);
  });

  it('never fails, where nothing can be written either', () => {
    const file = temporaryFile('no folder');
    const cache = new RecordCache(join(file, 'below'));
    expect(() => cache.write('k', 1)).not.toThrow();
    expect(cache.read('k')).toBeUndefined();
  });

  it('lets go of what was used longest ago', () => {
    const folder = temporaryFolder();
    const cache = new RecordCache(folder, 40_000);
    const body = Buffer.alloc(10_000);
    for (const [i, key] of ['a', 'b', 'c'].entries()) {
      const before = new Set(readdirSync(folder));
      cache.write(key, body);
      const file = readdirSync(folder).find((name) => !before.has(name)) as string;
      utimesSync(join(folder, file), 1000 + i, 1000 + i);
    }
    expect(cache.read('a')).toBeDefined();
    cache.write('d', body);
    expect(['a', 'b', 'c', 'd'].filter((key) => cache.has(key))).toEqual(['a', 'c', 'd']);
  });
});

describe('scanLayers with a cache', () => {
  const layers = async () => [
    await tarOf([{ name: 'package.json', body: '{}' }, 'other']),
    await tarOf([{ name: 'package.json', body: '[]' }, 'more']),
  ];
  const keep = [{ name: 'keep', options: { globs: ['package.json'] } }];

  it('gives the records that a scan gives, for another question another one', async () => {
    const oci = new OciFiles();
    oci.top([oci.manifest(await layers())]);
    for (const bytes of [await oci.archive(), await dockerArchive(await layers())]) {
      const folder = temporaryFolder();
      const image = await openImage(temporaryFile(bytes));
      for (const probes of [[], keep]) {
        const fresh = plain(await scanLayers(image, probes));
        for (let round = 0; round < 2; round++) {
          const records = await later(() => scanLayers(image, probes, { cache: new RecordCache(folder) }));
          expect(plain(records)).toEqual(fresh);
        }
      }
      expect(readdirSync(folder).length).toBeGreaterThanOrEqual(4);
      expect(
        (await later(() => scanLayers(image, [], { hash: true, cache: new RecordCache(folder) })))[0]?.entries.digest(
          0,
        ),
      ).toBe(`sha256:${sha256('{}')}`);
    }
  });

  it('reads a file again that was changed, in whatever way', async () => {
    const cache = new RecordCache(temporaryFolder());
    const [one, two] = (await layers()) as [Buffer, Buffer];
    const file = temporaryFile(await dockerArchive([one]));
    const { mtime, atime } = statSync(file);
    const scan = async () => bodies(await scanLayers(await openImage(file), [], { cache }));
    const before = await later(scan);
    const other = await dockerArchive([
      await tarOf([
        { name: 'package.json', body: '{}' },
        { name: 'a', body: 'longer!' },
      ]),
    ]);
    expect(other.length).toBe(statSync(file).size);
    writeFileSync(file, other);
    utimesSync(file, atime, mtime);
    expect(await later(scan)).not.toEqual(before);
    appendFileSync(file, two);
    expect(await later(scan)).not.toEqual(before);
  });

  it('keeps nothing of a file that was changed just now', () => {
    const file = temporaryFile('x');
    expect(identify(file)).toBeUndefined();
    expect(identify(file, Date.now() + 5000)).toBeDefined();
    expect(identify(`${file}.not`)).toBeUndefined();
  });

  it('believes in a layer of another archive only when its bytes are those', async () => {
    const cache = new RecordCache(temporaryFolder());
    const [one, two] = (await layers()) as [Buffer, Buffer];
    const first = new OciFiles();
    first.top([first.manifest([one])]);
    const known = await later(async () => scanLayers(await openImage(first.folder()), [], { cache }));
    const second = new OciFiles();
    second.top([second.manifest([one, two])]);
    const opened = await openImage(second.folder());
    expect(plain(await scanLayers(opened, [], { cache }))[0]).toEqual(plain(known)[0]);
    // The bytes of the other layer under the name of the known one.
    const name = `blobs/sha256/${sha256(gzipSync(one))}`;
    expect(first.files.has(name)).toBe(true);
    first.files.set(name, gzipSync(two));
    const forged = await scanLayers(await openImage(first.folder()), [], { cache });
    expect(forged[0]?.diffId).toBe(`sha256:${sha256(two)}`);
  });

  it('reads every byte under verify, and keeps nothing of it that a plain run would not tell', async () => {
    const folder = temporaryFolder();
    const cache = new RecordCache(folder);
    const image = await openImage(temporaryFile(await dockerArchive(await layers())));
    const verified = await later(() => scanLayers(image, [], { cache, verify: true }));
    expect(verified[0]?.diffId).toBe(image.layers[0]?.diffId);
    expect((await later(() => scanLayers(image, [], { cache })))[0]?.diffId).toBeNull();
  });

  it('remembers which rewrites were the same', async () => {
    const folder = temporaryFolder();
    const cache = new RecordCache(folder);
    const archive = await dockerArchive([
      await tarOf([
        { name: 'a', body: 'one' },
        { name: 'b', body: 'one' },
      ]),
      await tarOf([
        { name: 'a', body: 'one' },
        { name: 'b', body: 'two' },
      ]),
    ]);
    const image = await openImage(temporaryFile(archive));
    const records = await scanLayers(image);
    const reasons = async () => {
      const tree = await later(() => decide(image, records, stack(records), { cache }));
      return [...(tree.layers[1]?.changes() ?? [])].map(({ path, reasons }) => `${path} ${reasons}`);
    };
    expect(await reasons()).toEqual(['a rewritten', 'b content']);
    expect(readdirSync(folder)).toHaveLength(1);
    expect(await reasons()).toEqual(['a rewritten', 'b content']);
    expect(existsSync(folder)).toBe(true);
    // Another image that has these layers, on another one.
    const base = await openImage(temporaryFile(await dockerArchive([await tarOf([{ name: 'c', body: 'three' }])])));
    const layers = [...base.layers, ...image.layers.map((layer) => ({ ...layer, index: layer.index + 1 }))];
    const all = [...(await scanLayers(base)), ...records];
    const tree = await later(() => decide({ ...image, layers }, all, stack(all), { cache }));
    expect([...(tree.layers[2]?.changes() ?? [])].map(({ path, reasons }) => `${path} ${reasons}`)).toEqual([
      'a rewritten',
      'b content',
    ]);
    expect(readdirSync(folder)).toHaveLength(1);
  });

  it('remembers the digests of equal files, for every image that has their layer', async () => {
    const folder = temporaryFolder();
    const cache = new RecordCache(folder);
    const body = Buffer.alloc(70_000, 'x');
    const archive = await dockerArchive([await tarOf(['a', 'b'].map((name) => ({ name, body })))]);
    const image = await openImage(temporaryFile(archive));
    const records = await scanLayers(image);
    const find = () => later(() => liveContents(image, records, stack(records), { cache }));
    const { known } = await find();
    expect(new Set(known.values()).size).toBe(1);
    expect(readdirSync(folder)).toHaveLength(1);
    expect((await find()).known).toEqual(known);
    expect(readdirSync(folder)).toHaveLength(1);
  });
});
