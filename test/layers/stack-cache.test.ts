import { readdirSync, readFileSync, utimesSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it, vi } from 'vitest';
import { inspectImage } from '../../src/layers/inspect.ts';
import { RecordCache } from '../../src/layers/record-cache.ts';
import { renderDiveJson } from '../../src/report/inspect-dive.ts';
import { renderInspectJson } from '../../src/report/inspect-json.ts';
import { renderInspectTree } from '../../src/report/inspect-tree.ts';
import { OciFiles, tarOf, temporaryFolder } from '../support/images.ts';
import { later } from '../support/later.ts';

const tool = { name: 'dlint', version: '1' };

async function told(folder: string, image: string, cache?: RecordCache): Promise<string> {
  const report = await later(() => inspectImage(folder, { tool, image, build: 'one', ...(cache && { cache }) }));
  const texts = [
    renderInspectTree(report, { color: false, width: 80 }),
    renderInspectJson(report),
    renderDiveJson(report),
  ];
  return texts.flatMap((text) => [...text]).join('');
}

/** A base with many files, and two images on it. */
async function family(): Promise<string> {
  const files = Array.from({ length: 21_000 }, (_, i) => ({
    name: `d${i % 70}/f${i}`,
    body: i % 1000 === 0 ? 'x' : '',
  }));
  const base = await tarOf(files);
  const [one, other] = [
    await tarOf([{ name: 'd1/f1', body: 'changed' }, { name: 'd2/.wh.f2', body: '' }, 'new']),
    await tarOf([
      { name: 'd3', body: 'no directory any more' },
      { name: '.wh.d4', body: '' },
    ]),
  ];
  const oci = new OciFiles();
  const named = (name: string, layers: Buffer[]) => ({
    ...oci.manifest(layers),
    annotations: { 'org.opencontainers.image.ref.name': name },
  });
  return oci.top([named('base', [base]), named('one', [base, one]), named('other', [base, other])]).folder();
}

describe('a stack that was kept', () => {
  it('tells the same of other images on it, and of the same one', { timeout: 60_000 }, async () => {
    const layout = await family();
    const folder = temporaryFolder();
    const cache = new RecordCache(folder);
    const asked: unknown[] = [];
    const read = vi.spyOn(cache, 'read').mockImplementation(function (this: RecordCache, key) {
      const value = RecordCache.prototype.read.call(cache, key);
      if (Array.isArray(key) && key[0] === 'stack') asked.push(value === undefined ? 'nothing' : 'kept');
      return value;
    });
    await told(layout, 'base', cache);
    expect(asked).toEqual([]);
    for (const image of ['one', 'other']) expect(await told(layout, image, cache)).toBe(await told(layout, image));
    expect(asked).toEqual(['kept', 'kept']);
    read.mockRestore();
  });

  it('is made anew where it was damaged, or the layers changed', { timeout: 60_000 }, async () => {
    const layout = await family();
    const folder = temporaryFolder();
    await told(layout, 'base', new RecordCache(folder));
    const fresh = await told(layout, 'one');
    for (const name of readdirSync(folder)) {
      const bytes = readFileSync(join(folder, name));
      bytes[bytes.length >> 1] = (bytes[bytes.length >> 1] as number) ^ 1;
      writeFileSync(join(folder, name), bytes);
    }
    expect(await told(layout, 'one', new RecordCache(folder))).toBe(fresh);
    // All that was made anew is of files that may have changed since.
    for (const name of readdirSync(join(layout, 'blobs/sha256'))) utimesSync(join(layout, 'blobs/sha256', name), 1, 1);
    const cache = new RecordCache(folder);
    const read = vi.spyOn(cache, 'read');
    expect(await told(layout, 'one', cache)).toBe(fresh);
    expect(read.mock.calls.filter(([key]) => Array.isArray(key) && key[0] === 'stack')).toEqual([]);
  });
});
