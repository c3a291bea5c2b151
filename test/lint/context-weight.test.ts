import { describe, expect, it } from 'vitest';
import { type ContextEntry, type ReadFolder, weighFolder } from '../../src/lint/context-weight.ts';
import { readDockerIgnore } from '../../src/lint/dockerignore.ts';
import { ignoreLine, isNeedlessFolder } from '../../src/lint/needless-folders.ts';

const file = (name: string, bytes: number): ContextEntry => ({ name, kind: 'file', bytes: () => bytes });
const folder = (name: string): ContextEntry => ({ name, kind: 'folder', bytes: () => 0 });

const tree: Readonly<Record<string, readonly ContextEntry[]>> = {
  '': [folder('.git'), folder('web'), file('a', 1), folder('empty')],
  '.git': [file('HEAD', 10), folder('objects')],
  '.git/objects': [file('1', 100)],
  web: [folder('node_modules'), file('b', 2)],
  'web/node_modules': [file('c', 20), folder('.git')],
  'web/node_modules/.git': [file('d', 30)],
  empty: [],
};
const read: ReadFolder = (path) => tree[path] ?? [];
const weigh = (start: string, ignore?: string) =>
  weighFolder(start, read, isNeedlessFolder, ignore === undefined ? undefined : readDockerIgnore(ignore));

describe('the weight of a folder', () => {
  it('is the sum of its files, with its folders and with those that are marked', () => {
    expect(weigh('')).toEqual({
      files: 6,
      bytes: 163,
      isComplete: true,
      folders: [
        { path: '.git', files: 2, bytes: 110 },
        { path: 'web', files: 3, bytes: 52 },
      ],
      marked: [
        { path: '.git', files: 2, bytes: 110 },
        { path: 'web/node_modules', files: 2, bytes: 50 },
      ],
    });
  });

  it('starts anywhere', () => {
    expect(weigh('web')).toMatchObject({ files: 3, bytes: 52, marked: [{ path: 'web/node_modules' }] });
    expect(weigh('nowhere')).toMatchObject({ files: 0, bytes: 0, isComplete: true });
  });

  it('leaves out what is ignored, and counts what an exception brings back', () => {
    expect(weigh('', '.git\n**/node_modules\n')).toMatchObject({ files: 2, bytes: 3, marked: [] });
    expect(weigh('', '**\n!web/node_modules/c\n')).toMatchObject({ files: 1, bytes: 20 });
  });

  it('stops at a limit, after what is near the root', () => {
    const many = Array.from({ length: 60_000 }, (_, i) => file(`f${i}`, 1));
    const huge: ReadFolder = (path) => (path === '' ? [folder('data'), folder('.git')] : path === 'data' ? many : []);
    const { isComplete, files } = weighFolder('', huge, isNeedlessFolder);
    expect([isComplete, files]).toEqual([false, 49_998]);
    const patterns = readDockerIgnore('x\n'.repeat(1000));
    expect(weighFolder('', huge, isNeedlessFolder, patterns).files).toBe(4998);
  });
});

describe('needless folders', () => {
  it.each([
    ['node_modules', [], true],
    ['.git', [], true],
    ['.github', [], false],
    ['target', ['Cargo.toml'], true],
    ['target', [], false],
    ['venv', ['pyproject.toml'], true],
  ])('%s beside %j: %j', (name, siblings, expected) => {
    expect(isNeedlessFolder(name, new Set(siblings))).toBe(expected);
  });

  it('are ignored wherever they are, where there may be many', () => {
    expect(ignoreLine('web/node_modules')).toBe('**/node_modules');
    expect(ignoreLine('.pytest_cache')).toBe('**/.pytest_cache');
    expect(ignoreLine('.git')).toBe('.git');
    expect(ignoreLine('api/target')).toBe('api/target');
  });
});
