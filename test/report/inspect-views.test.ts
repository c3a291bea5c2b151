import { describe, expect, it } from 'vitest';
import { inspectImage } from '../../src/layers/inspect.ts';
import { withChanges } from '../../src/report/changes-selection.ts';
import type { ImageReport } from '../../src/report/image-report.ts';
import { renderInspectCsv } from '../../src/report/inspect-csv.ts';
import { renderInspectMarkdown } from '../../src/report/inspect-markdown.ts';
import { renderPathHistory } from '../../src/report/inspect-path.ts';
import { renderInspectText } from '../../src/report/inspect-text.ts';
import { renderInspectTree } from '../../src/report/inspect-tree.ts';
import { readView } from '../../src/view-flags.ts';
import { dockerArchive, tarOf, temporaryFile } from '../support/images.ts';

const STYLE = { color: false, width: 100 };
const HOSTILE = '=cmd|"/c calc"!A1\n`**@you**`,<b>.txt';

async function inspectSample(): Promise<ImageReport> {
  const low = await tarOf([
    { name: 'etc/', type: 'directory' },
    { name: 'etc/passwd', body: 'root\n', mode: 0o644 },
    { name: 'opt/big', body: 'x'.repeat(2000) },
    { name: 'opt/deep/small', body: 'y' },
  ]);
  const high = await tarOf([
    { name: 'etc/passwd', body: 'root\nyou\n', mode: 0o600 },
    { name: 'opt/.wh.big', body: '' },
    { name: 'opt/moved', body: 'x'.repeat(2000) },
    { name: HOSTILE, body: 'z' },
  ]);
  const history = [{ created_by: 'COPY a | b `c` /' }, { created_by: 'RUN /bin/sh -c =mv # buildkit' }];
  const path = temporaryFile(await dockerArchive([low, high], 'app:1', { history }));
  return await inspectImage(path, { tool: { name: 'dlint', version: '0' } });
}

describe('views of an image', () => {
  it("dive's share of nothing is no number", async () => {
    const tars = [await tarOf([{ name: 'a', body: 'a' }]), await tarOf([{ name: '.wh.a', body: '' }])];
    const report = await inspectImage(temporaryFile(await dockerArchive(tars)), {
      tool: { name: 'dlint', version: '0' },
    });
    expect([...renderInspectText(report, { ...STYLE, width: 200 })].join('')).toContain(
      ', more than all of what is above layer 1;',
    );
  });

  it('a tree says that hard links are counted where it holds more than is stored', async () => {
    const members = [
      { name: 'a', body: 'abc' },
      { name: 'b', type: 'link', linkname: 'a' },
    ] as const;
    const file = temporaryFile(await dockerArchive([await tarOf(members)]));
    const report = await inspectImage(file, { tool: { name: 'dlint', version: '0' } });
    const [first] = [...renderInspectTree(report, STYLE, {})].join('').split('\n');
    expect(first?.trim()).toBe('6 B  /  2 files, the final file system, each hard link counted');
  });

  it('no path is said to be none', async () => {
    const { isShown } = readView({ path: ['nowhere'] });
    const text = [...renderPathHistory(withChanges(await inspectSample(), isShown as never), STYLE)].join('');
    expect(text).toMatch(/ {2}0 paths\n {2}no layer has such a path: a pattern with a slash begins at the root/);
  });

  it('the history of a path, without blanks at the end, and with a mark where something is left out', async () => {
    const members = await tarOf([{ name: 'a/', type: 'directory' }]);
    const history = [{ created_by: `RUN ${'x '.repeat(100)}` }];
    const path = temporaryFile(await dockerArchive([members], 'app:1', { history }));
    const report = await inspectImage(path, { tool: { name: 'dlint', version: '0' } });
    const lines = [...renderPathHistory(report, { ...STYLE, width: 60 })].join('').split('\n');
    expect(lines.filter((line) => line !== line.trimEnd())).toEqual([]);
    expect(lines.find((line) => line.includes('RUN'))).toMatch(/^ {12}RUN [x ]+…$/);
  });

  it('the history of a path', async () => {
    const report = await inspectSample();
    const { isShown } = readView({ path: ['/etc/passwd', 'big'] });
    const text = [...renderPathHistory(withChanges(report, isShown as never), STYLE)].join('');
    expect(text.split('\n').slice(1)).toEqual([
      '',
      'etc/passwd',
      '  layer 1   added     -rw-r--r-- 0:0            5 B',
      '            COPY a | b `c` /',
      '  layer 2   modified  -rw------- 0:0            9 B  content, mode',
      '            RUN =mv',
      '',
      'opt/big',
      '  layer 1   added     -rw-r--r-- 0:0         2.0 kB',
      '            COPY a | b `c` /',
      '  layer 2   removed   -rw-r--r-- 0:0         2.0 kB',
      '            RUN =mv',
      '',
    ]);
  });

  it('a tree by size, to a depth, of files from a size on', async () => {
    const report = await inspectSample();
    const lines = (flags: Parameters<typeof readView>[0]) =>
      [...renderInspectTree(report, STYLE, readView({ format: ['tree'], ...flags }).tree)]
        .join('')
        .trimEnd()
        .split('\n')
        .map((line) => line.trim());
    expect(lines({ sort: 'size', depth: '1' })).toEqual([
      '2.0 kB  /  4 files, the final file system',
      '2.0 kB  ├── opt/',
      '9 B  ├── etc/',
      expect.stringContaining('1 B  └── =cmd'),
    ]);
    expect(lines({ 'min-size': '1kB' })).toEqual([
      '2.0 kB  /  1 file, of 4, the final file system',
      '2.0 kB  └── opt/',
      '2.0 kB      └── moved',
    ]);
    expect(lines({ filter: ['small'] })).toEqual([
      '1 B  /  1 file, of 4, the final file system',
      '1 B  └── opt/',
      '1 B      └── deep/',
      '1 B          └── small',
    ]);
    expect(lines({ filter: ['nothing'] })).toEqual(['0 B  /  0 files, of 4, the final file system']);
  });

  it('CSV that a spreadsheet takes for text, and for as many cells as there are', async () => {
    const report = await inspectSample();
    const rows = parseCsv([...renderInspectCsv(report)].join(''));
    expect(new Set(rows.map((row) => row.length))).toEqual(new Set([15]));
    const paths = rows.slice(1).map(([layer, change, path]) => `${layer} ${change} ${path}`);
    expect(paths).toContain(`2 added '${HOSTILE}`);
    expect(paths).toContain('2 removed opt/big');
    expect(rows.find(([, , path]) => path === 'opt/moved')?.[12]).toBe('opt/big');
    expect(rows.find(([, , path]) => path === 'etc/passwd')?.slice(3, 8)).toEqual(['file', '5', '0644', '0', '0']);
    expect(rows.every((row) => row.every((cell) => !/^[=+@\t\r]/.test(cell)))).toBe(true);
  });

  it('Markdown that nothing inside can break', async () => {
    const report = await inspectSample();
    const text = [...renderInspectMarkdown(report)].join('');
    expect(text).toContain('| 1 | 2.0 kB | 2.0 kB | ``COPY a \\| b `c` /`` |\n');
    expect(text).toContain('**2.0 kB** `opt/big`');
    for (const line of text.split('\n').filter((one) => one.startsWith('| '))) {
      expect(line.replaceAll('\\|', '').split('|')).toHaveLength(6);
    }
  });
});

describe('flags of views that make no sense are refused', () => {
  it.each([
    [{ depth: '3' }, '--depth is for trees'],
    [{ sort: 'size', format: ['json'] }, '--sort is for trees'],
    [{ depth: '0', format: ['tree'] }, '0 is not a depth'],
    [{ changes: ['added'], format: ['tree=x'] }, 'the final file system has no changes'],
    [{ changes: ['added,gone'], layer: '1' }, 'gone is no kind of change'],
    [{ filter: ['x'] }, 'nothing is listed that --filter could choose from'],
    [{ 'min-size': 'much', format: ['csv'] }, 'much is not a size'],
  ])('%j', (flags, message) => {
    expect(() => readView(flags)).toThrow(message);
  });
});

/** RFC 4180. */
function parseCsv(text: string): string[][] {
  const rows: string[][] = [];
  let row: string[] = [];
  for (const [, quoted, plain, end] of text.matchAll(/(?:"((?:[^"]|"")*)"|([^",\r\n]*))(,|\r\n)/g)) {
    row.push(quoted === undefined ? (plain as string) : quoted.replaceAll('""', '"'));
    if (end === ',') continue;
    rows.push(row);
    row = [];
  }
  return rows;
}
