import { createHash } from 'node:crypto';
import { readdirSync } from 'node:fs';
import { join, resolve } from 'node:path';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { DlintError } from '../../src/errors.ts';
import { inspectImage } from '../../src/layers/inspect.ts';
import { readTables } from '../../src/report/html/client/read-data.ts';
import { type Selection, selectRows } from '../../src/report/html/client/select-rows.ts';
import { squarify } from '../../src/report/html/client/squarify.ts';
import { contentWeights, lastRows, wasteWeights } from '../../src/report/html/client/weights.ts';
import { renderInspectHtml } from '../../src/report/html/inspect-html.ts';
import { type PageBounds, type PageData, renderPageData, type StateRow } from '../../src/report/html/page-data.ts';
import type { ImageReport, OutlineNode } from '../../src/report/image-report.ts';
import { HOSTILE, inspectHostile } from '../support/hostile-page.ts';
import { shared } from '../support/shared.ts';

const tool = { name: 'dlint', version: '0' };
const example = resolve(import.meta.dirname, '../../examples/app/image.tar');
const archives = shared('images/archives');
const images = archives
  ? readdirSync(archives)
      .filter((name) => /\.(tar|tgz|tar\.gz)$/.test(name))
      .map((name) => join(archives, name))
  : [];

const read = (report: ImageReport, bounds?: PageBounds) =>
  JSON.parse([...renderPageData(report, bounds)].join('')) as PageData;

/** The data as the page's script has it, told in the words of the report. */
function changesOf(data: PageData) {
  const { paths, changes } = readTables(data);
  return Array.from({ length: changes.length }, (_, row) => {
    const [change, kind, mode, uid, gid, fromLayer, reasons] = data.states[changes.state[row] as number] as StateRow;
    const [link, movedFrom] = [changes.link.get(row), changes.movedFrom.get(row)];
    return {
      layer: changes.layer[row],
      path: paths.path(changes.node[row] as number),
      change,
      kind,
      size: changes.size[row],
      mode,
      uid,
      gid,
      mtime: changes.time[row],
      fromLayer,
      reasons,
      ...(link !== undefined && { link }),
      ...(movedFrom !== undefined && { movedFrom }),
    };
  });
}

function expectedChanges({ layers }: ImageReport) {
  return layers.flatMap(({ index, changes }) =>
    [...changes()].map(({ path, change, kind, size, mode, uid, gid, mtime, link, movedFrom, fromLayer, reasons }) => ({
      layer: index,
      path,
      change,
      kind,
      size,
      mode,
      uid,
      gid,
      mtime: Math.floor(mtime),
      fromLayer: fromLayer ?? 0,
      reasons: reasons.join(', '),
      ...(link !== undefined && { link }),
      ...(movedFrom !== undefined && { movedFrom }),
    })),
  );
}

function filesOf(node: OutlineNode, path = ''): [path: string, bytes: number][] {
  if (node.kind !== 'directory') return node.kind === 'file' ? [[path, node.bytes]] : [];
  return [...node.children()].flatMap((child) => filesOf(child, path === '' ? child.name : `${path}/${child.name}`));
}

describe('the data of the page', () => {
  test('has every change, hostile names and bytes that are no UTF-8 included', async () => {
    const report = await inspectHostile();
    const found = changesOf(read(report));
    expect(found).toEqual(expectedChanges(report));
    expect(found.map(({ path }) => path)).toEqual(expect.arrayContaining(HOSTILE.map((name) => `etc/${name}`)));
    expect(found.filter(({ path }) => /[\udc80-\udcff]/.test(path))).toHaveLength(1);
  });

  test('has of one layer only what that layer changed', async () => {
    const report = await inspectImage(example, { tool, layer: 4 });
    expect(changesOf(read(report))).toEqual(expectedChanges(report));
    expect(read(report).selected).toBe(4);
  });

  /** Gives the number of files in the final image. */
  function expectSameImage(report: ImageReport): number {
    const data = read(report);
    expect(changesOf(data)).toEqual(expectedChanges(report));
    const tables = readTables(data);
    const content = contentWeights(tables, data.states, lastRows(tables), { layer: null });
    const final = filesOf(report.outline());
    const bytes = final.reduce((sum, [, size]) => sum + size, 0);
    expect([content.files[0], content.bytes[0]]).toEqual([final.length, bytes]);
    const dead = [...report.dead()].reduce((sum, { size }) => sum + size, 0);
    expect(wasteWeights(tables, data.ends, { layer: null }).bytes[0]).toBe(dead);
    return final.length;
  }

  test('amounts to the final image and its dead bytes', async () => {
    const report = await inspectImage(example, { tool });
    expect(expectSameImage(report)).toBe(report.content.files);
    expect([...report.dead()].reduce((sum, { size }) => sum + size, 0)).toBe(report.deadBytes);
  });

  test.skipIf(images.length === 0)('so it does for real images', async () => {
    let files = 0;
    for (const path of images) {
      const report = await inspectImage(path, { tool }).catch((error) => {
        if (error instanceof DlintError) return undefined;
        throw error;
      });
      if (report) files += expectSameImage(report);
    }
    expect(files).toBeGreaterThan(2000);
  });

  test('is bounded, and says what it leaves out', async () => {
    const report = await inspectImage(example, { tool });
    const all = expectedChanges(report);
    const data = read(report, { rows: 50, text: 1e9 });
    expect(changesOf(data)).toEqual(all.slice(0, 50));
    expect(data.omitted).toBe(all.length - 50);
    // The layer that is too much is still whole: it is told of in one block.
    const short = read(report, { rows: 1e9, text: 1000 });
    expect(changesOf(short)).toEqual(all.filter(({ layer }) => layer === 1));
    expect(short.omitted).toBe(all.filter(({ layer }) => layer > 1).length);
  });

  test('comes in small pieces', async () => {
    const report = await inspectImage(example, { tool });
    const [layer] = report.layers;
    const change = { ...[...(layer as NonNullable<typeof layer>).changes()][0], path: '' };
    const many = {
      ...report,
      layers: [
        {
          ...layer,
          *changes() {
            for (let i = 0; i < 20_000; i++) yield { ...change, path: `some/folder-${i >> 6}/file-${i}` };
          },
        },
      ],
    } as unknown as ImageReport;
    const sizes = [...renderPageData(many)].map((piece) => piece.length);
    expect(Math.max(...sizes)).toBeLessThan(40_000);
    expect(sizes.reduce((sum, size) => sum + size, 0)).toBeLessThan(20_000 * 40);
  });
});

describe('the page', () => {
  test('allows the very script and style that it has, and no other', async () => {
    const page = [...renderInspectHtml(await inspectHostile())].join('');
    const policy = /http-equiv="Content-Security-Policy" content="([^"]*)"/.exec(page)?.[1] ?? '';
    expect(policy).toMatch(/^default-src 'none'; style-src 'sha256-[\w+/=]+'; script-src 'sha256-[\w+/=]+'; /);
    const hash = (text = '') => `'sha256-${createHash('sha256').update(text).digest('base64')}'`;
    expect(policy).toContain(`style-src ${hash(/<style>(.*?)<\/style>/s.exec(page)?.[1])}`);
    expect(policy).toContain(`script-src ${hash(/<script>(.*?)<\/script>\n<\/body>/s.exec(page)?.[1])}`);
  });

  test('no text of the image is markup', async () => {
    const page = [...renderInspectHtml(await inspectHostile())].join('');
    const tags = [...page.matchAll(/<(\/?[a-z][^\s/>]*|!--)/gi)].map(([, tag = '']) => tag.toLowerCase());
    expect(tags.filter((tag) => tag === 'script')).toHaveLength(2);
    expect(tags.filter((tag) => tag === '/script')).toHaveLength(2);
    expect(tags.filter((tag) => /^(img|!--|b)$/.test(tag))).toEqual([]);
    const own = page.replace(/<script[\s\S]*?<\/script>/g, '');
    expect(own).not.toMatch(/<[^>]*\s(on\w+|style|src|href)=/i);
    expect(page).not.toMatch(/[\u2028-\u202e]/);
    expect(Buffer.from(page).toString()).toBe(page);
    expect(own).toContain('&lt;img src=x onerror=alert(1)&gt;');
    expect(own).toContain('\\u202egnp.exe');
  });

  test('what is masked stays so', async () => {
    const page = [...renderInspectHtml(await inspectHostile())].join('');
    expect(page).toContain('DB_PASSWORD=********');
    expect(page).not.toContain('correct-horse');
  });

  test('head, layers and advice are there without any script', async () => {
    const page = [...renderInspectHtml(await inspectImage(example, { tool }))].join('');
    const shown = page.replace(/<script[\s\S]*?<\/script>/g, '').replace(/<style>.*<\/style>/s, '');
    expect(shown).toContain('<h1>');
    expect(shown.match(/<tr data-layer=/g)).toHaveLength(10);
    expect(shown).toContain('RUN pip install -r requirements.txt');
    expect(shown).toContain('join the two RUNs');
    expect(shown).toContain('<noscript>');
  });
});

describe('the table of files', () => {
  const everything: Selection = { layer: null, show: 'all', words: '', sort: 'path', descending: false };

  /** In the order of trees: a directory, what is in it, then its siblings. */
  const byNames = (path: string) => path.replaceAll('/', '\0');

  async function tablesOfExample() {
    const data = read(await inspectImage(example, { tool }));
    const tables = readTables(data);
    const last = lastRows(tables);
    const rows = changesOf(data);
    const select = (selection: Partial<Selection>) =>
      [...selectRows(tables, data.states, last, { ...everything, ...selection }).rows].map(
        (row) => rows[row] as (typeof rows)[number],
      );
    return { rows, select };
  }

  test('words are looked for in whole paths, in any case', async () => {
    const { rows, select } = await tablesOfExample();
    const found = select({ words: '  INIT  /usr ' });
    const wanted = rows.filter(({ path }) => path.toLowerCase().includes('init') && path.includes('usr'));
    expect(found).toHaveLength(wanted.length);
    expect(found).toEqual(expect.arrayContaining(wanted));
    expect(wanted.length).toBeGreaterThan(3);
  });

  test('kinds of changes, layers, and what is left in the end', async () => {
    const { rows, select } = await tablesOfExample();
    expect(select({ show: 'removed' })).toHaveLength(rows.filter(({ change }) => change === 'removed').length);
    expect(select({ layer: 7 })).toHaveLength(rows.filter(({ layer }) => layer === 7).length);
    const final = new Map(rows.map((row) => [row.path, row]));
    const left = [...final.values()].filter(({ change }) => change !== 'removed');
    expect(new Set(select({ show: 'final' }))).toEqual(new Set(left));
  });

  test.each([
    ['size', ({ size }) => size],
    ['layer', ({ layer }) => layer],
    ['time', ({ mtime }) => mtime],
    ['mode', ({ mode }) => mode],
    ['owner', ({ uid, gid }) => uid * 100_000 + gid],
    ['change', ({ change }) => change],
  ] as [Selection['sort'], (row: ReturnType<typeof changesOf>[number]) => number | string][])(
    'by %s, then by path',
    async (sort, key) => {
      const { select } = await tablesOfExample();
      for (const descending of [false, true]) {
        const found = select({ sort, descending });
        for (const [i, row] of found.entries()) {
          const before = found[i - 1];
          if (!before) continue;
          const [a, b] = [key(before), key(row)];
          if (a === b) expect([before.path, byNames(before.path) <= byNames(row.path)]).toEqual([before.path, true]);
          else expect(a < b).toBe(!descending);
        }
      }
    },
  );

  test('by path: a directory before what is in it', async () => {
    const { select } = await tablesOfExample();
    const paths = select({ show: 'final' }).map(({ path }) => byNames(path));
    expect(paths).toEqual([...paths].sort());
    expect(select({ show: 'final', descending: true }).map(({ path }) => byNames(path))).toEqual(paths.reverse());
  });
});

test('a treemap gives each weight its share of the area, inside of it, without overlap', () => {
  const weights = fc.array(fc.integer({ min: 1, max: 1_000_000 }), { minLength: 1, maxLength: 40 });
  const side = fc.integer({ min: 20, max: 2000 });
  fc.assert(
    fc.property(weights, side, side, (list, width, height) => {
      const sorted = [...list].sort((a, b) => b - a);
      const total = sorted.reduce((sum, weight) => sum + weight, 0);
      const parts = squarify(sorted, { x: 3, y: 5, width, height });
      expect(parts).toHaveLength(sorted.length);
      for (const [i, part] of parts.entries()) {
        const share = ((sorted[i] as number) / total) * width * height;
        expect(Math.abs(part.width * part.height - share)).toBeLessThan(width * height * 1e-6);
        expect(part.x).toBeGreaterThanOrEqual(3 - 1e-6);
        expect(part.y).toBeGreaterThanOrEqual(5 - 1e-6);
        expect(part.x + part.width).toBeLessThanOrEqual(3 + width + 1e-6);
        expect(part.y + part.height).toBeLessThanOrEqual(5 + height + 1e-6);
        for (const other of parts.slice(0, i)) {
          const across = Math.min(part.x + part.width, other.x + other.width) - Math.max(part.x, other.x);
          const down = Math.min(part.y + part.height, other.y + other.height) - Math.max(part.y, other.y);
          expect(Math.min(across, down)).toBeLessThan(1e-6);
        }
      }
    }),
  );
});
