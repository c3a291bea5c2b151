import { readdirSync, readFileSync, statSync } from 'node:fs';
import { dirname, join, relative, resolve } from 'node:path';
import { describe, expect, test } from 'vitest';

const root = resolve(import.meta.dirname, '..');

/** Rows of the table of docs/architecture.md: what a folder may import besides itself, packages and `src/errors.ts`. */
const table = [
  ...readFileSync(join(root, 'docs/architecture.md'), 'utf8').matchAll(/^\| `(src\/[\w/-]+)` \| .* \| (.+) \|$/gm),
].map(([, folder = '', allowed = '']): [string, string[]] => [folder, allowed.replaceAll('`', '').split(', ')]);

const ioModules = /^node:(fs|net|http|https|child_process|worker_threads|dns|tls|dgram)(\/|$)/;

interface Import {
  readonly file: string;
  readonly target: string;
}

function sources(folder: string): string[] {
  const path = join(root, folder);
  if (statSync(path, { throwIfNoEntry: false }) === undefined) return [];
  return readdirSync(path, { recursive: true, encoding: 'utf8' })
    .filter((name) => /\.ts$/.test(name) && !name.endsWith('.d.ts'))
    .map((name) => join(folder, name));
}

/** Static and dynamic imports and re-exports; a relative one is resolved to a path from the root. */
function importsOf(file: string): Import[] {
  const text = readFileSync(join(root, file), 'utf8');
  const found = text.matchAll(
    /(?:^\s*(?:import|export)\b[^'"`;]*?from\s*|^\s*import\s*|\bimport\(\s*)(['"])([^'"]+)\1/gm,
  );
  return [...found].map(([, , target = '']) => ({
    file,
    target: target.startsWith('.') ? relative(root, resolve(root, dirname(file), target)) : target,
  }));
}

function isOurs(target: string): boolean {
  return target.startsWith('src/') || target.startsWith('rules/');
}

test('the reading of imports sees every form', () => {
  const seen = importsOf('src/run.ts').map(({ target }) => target);
  expect(seen).toContain('src/errors.ts');
  expect(seen).toContain('src/commands/inspect.ts');
  expect(importsOf('src/report/position.ts')).toEqual([]);
});

describe.each(table.filter(([, allowed]) => !allowed.includes('everything')))('%s', (folder, allowed) => {
  test(`imports itself and ${allowed.join(', ')}`, () => {
    const all = [folder, ...allowed.map((name) => `src/${name}`)];
    const wrong = sources(folder)
      .flatMap(importsOf)
      .filter(({ target }) => isOurs(target) && target !== 'src/errors.ts')
      .filter(({ target }) => !all.some((may) => target.startsWith(`${may}/`)));
    expect(wrong).toEqual([]);
  });
});

test('every folder of src is in the table, and every folder of the table is there', () => {
  const folders = table.map(([folder]) => folder);
  const top = readdirSync(join(root, 'src'), { withFileTypes: true }).filter((entry) => entry.isDirectory());
  expect(folders).toEqual(expect.arrayContaining(top.map(({ name }) => `src/${name}`)));
  expect(folders.filter((folder) => sources(folder).length === 0)).toEqual([]);
});

test.each(['src/report', 'src/lint', 'rules'])('%s does no input or output', (folder) => {
  const files = sources(folder).filter((file) => file !== 'rules/index.ts');
  expect(files.flatMap(importsOf).filter(({ target }) => ioModules.test(target))).toEqual([]);
  const using = files.filter((file) => /\bprocess\.|\bconsole\./.test(code(file)));
  expect(using).toEqual([]);
});

test('src/lint is synchronous', () => {
  expect(sources('src/lint').filter((file) => /\basync\b|\bawait\b|\bPromise\b/.test(code(file)))).toEqual([]);
});

test('a rule imports src/lint/rule.ts alone', () => {
  const rules = sources('rules').filter((file) => file !== 'rules/index.ts');
  expect(rules.flatMap(importsOf).filter(({ target }) => target !== 'src/lint/rule.ts')).toEqual([]);
});

test('whiteout names are known to the tar reader alone', () => {
  const knowing = sources('src').filter((file) => /['"`/]\.wh\./.test(code(file)));
  expect(knowing.filter((file) => !/^src\/layers\/tar[^/]*\.ts$/.test(file))).toEqual([]);
});

test('nothing in src/commands writes past the terminal', () => {
  const wrong = sources('src/commands').filter((file) =>
    /\bconsole\.|process\.std(out|err)|process\.exit\b/.test(code(file)),
  );
  expect(wrong).toEqual([]);
});

test('modules hold no mutable state', () => {
  const wrong = [...sources('src'), ...sources('rules')].filter((file) =>
    /^(?:export )?(?:let|var) /m.test(code(file)),
  );
  expect(wrong).toEqual([]);
});

/** The text without comments and string contents that span a line. */
function code(file: string): string {
  return readFileSync(join(root, file), 'utf8')
    .replace(/\/\*[\s\S]*?\*\//g, '')
    .replace(/(^|[^:'"`\\])\/\/.*$/gm, '$1')
    .replace(/`(?:[^`\\]|\\.)*`/g, '``');
}
