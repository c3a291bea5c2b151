import { appendFileSync, readdirSync } from 'node:fs';
import { describe, expect, it, vi } from 'vitest';
import { type InspectOptions, inspectImage, openInspected } from '../../src/layers/inspect.ts';
import { RecordCache } from '../../src/layers/record-cache.ts';
import { Scratch } from '../../src/layers/scratch.ts';
import { renderDiveJson } from '../../src/report/inspect-dive.ts';
import { renderInspectJson } from '../../src/report/inspect-json.ts';
import { renderInspectText } from '../../src/report/inspect-text.ts';
import { renderInspectTree } from '../../src/report/inspect-tree.ts';
import type { Style } from '../../src/report/style.ts';
import { dockerArchive, tarOf, temporaryFile, temporaryFolder } from '../support/images.ts';
import { later } from '../support/later.ts';

const large = 'large '.repeat(20_000);

async function archive(): Promise<string> {
  const layers = [
    await tarOf([
      { name: 'same', body: 'one' },
      { name: 'other', body: 'one' },
      { name: 'moved', body: large },
      { name: 'gone', body: 'gone' },
      { name: 'copy-1', body: `${large}!` },
      { name: 'copy-2', body: `${large}!` },
    ]),
    await tarOf([
      { name: 'same', body: 'one' },
      { name: 'other', body: 'two' },
      { name: '.wh.moved', body: '' },
      { name: 'to/moved', body: large },
      { name: '.wh.gone', body: '' },
    ]),
  ];
  return temporaryFile(await dockerArchive(layers));
}

const style: Style = { color: false, width: 80 };
const tool = { name: 'dlint', version: '1' };

async function rendered(file: string, options: Partial<InspectOptions>): Promise<string> {
  const report = await later(() => inspectImage(file, { tool, ...options }));
  const texts = [
    renderInspectText(report, style),
    renderInspectTree(report, style),
    renderInspectJson(report),
    renderDiveJson(report),
  ];
  return texts.flatMap((text) => [...text]).join('');
}

describe('a report that was kept', () => {
  it('tells in every format what was told before, read from the archive or not', async () => {
    const file = await archive();
    const folder = temporaryFolder();
    const cache = new RecordCache(folder);
    const first = await rendered(file, {});
    expect(first).toContain('"movedFrom":"moved"');
    expect(first).toContain('copy-2');
    expect(await rendered(file, { cache, build: '1' })).toBe(first);
    const kept = readdirSync(folder);
    expect(await rendered(file, { cache, build: '1' })).toBe(first);
    expect(readdirSync(folder)).toEqual(kept);
    expect(await rendered(file, { cache, build: '1', layer: 2 })).toBe(await rendered(file, { layer: 2 }));
  });

  it('is read without looking at a body, and its tree is the same', async () => {
    const file = await archive();
    const cache = new RecordCache(temporaryFolder());
    const look = async () => {
      const scratch = new Scratch();
      const { report, tree } = await later(() => openInspected(file, { tool, cache, build: '1', scratch }));
      return { waste: report.waste, reasons: tree.layers.map((layer) => [...layer.changes()]) };
    };
    const write = vi.spyOn(cache, 'write');
    const first = await look();
    const written = write.mock.calls.length;
    expect(written).toBeGreaterThan(0);
    expect(await look()).toEqual(first);
    expect(write).toHaveBeenCalledTimes(written);
  });

  it('is of this build, of this file as it is, and of what was asked for', async () => {
    const file = await archive();
    const cache = new RecordCache(temporaryFolder());
    const write = vi.spyOn(cache, 'write');
    const isComputed = async (options: Partial<InspectOptions>): Promise<boolean> => {
      write.mockClear();
      await later(() => inspectImage(file, { tool, cache, build: '1', ...options }));
      return write.mock.calls.some(([key]) => (key as unknown[])[0] === 'report');
    };
    expect(await isComputed({})).toBe(true);
    expect(await isComputed({})).toBe(false);
    expect(await isComputed({ build: '2' })).toBe(true);
    expect(await isComputed({ tool: { name: 'dlint', version: '2' } })).toBe(true);
    expect(await isComputed({ layer: 1 })).toBe(true);
    appendFileSync(file, Buffer.alloc(512));
    expect(await isComputed({})).toBe(true);
    expect(await isComputed({})).toBe(false);
    write.mockClear();
    await later(() => inspectImage(file, { tool, cache }));
    expect(write.mock.calls.some(([key]) => (key as unknown[])[0] === 'report')).toBe(false);
  });
});
