import { mkdirSync, symlinkSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { rules } from '../../rules/index.ts';
import { buildContextOf, checkContext } from '../../src/build-context.ts';
import { ruleSet } from '../../src/lint/rule-set.ts';
import { lintFiles } from '../../src/lint-files.ts';
import { chooseAlways } from '../support/choose.ts';
import { folder } from '../support/cli.ts';

let cwd = '';
let remove = (): void => {};

beforeAll(() => {
  ({ path: cwd, remove } = folder({
    'a/Dockerfile': 'FROM alpine:3\nCOPY dist /srv/\nCOPY src /srv/\n',
    'a/.dockerignore': 'dist\n',
    'a/.containerignore': 'other\n',
    'a/Containerfile': 'FROM alpine:3\n',
    'b/web.Dockerfile': 'FROM alpine:3\n',
    'b/web.Dockerfile.dockerignore': 'own\n',
    'b/.dockerignore': 'shared\n',
    'c/Dockerfile': 'FROM alpine:3\n',
    'f/Dockerfile': 'FROM alpine:3',
    'f/.git/HEAD': 'ref:',
    'f/src/a': '1',
    'd/Dockerfile': 'FROM alpine:3\n',
    'd/.dockerignore': 'x\n'.repeat(600_000),
  }));
  symlinkSync('nowhere', join(cwd, 'f/link'));
  mkdirSync(join(cwd, 'c/.dockerignore'));
  mkdirSync(join(cwd, 'e'));
  symlinkSync('nowhere', join(cwd, 'e/.dockerignore'));
});
afterAll(() => remove());

const ignoreOf = (path: string): string | undefined => buildContextOf(join(cwd, path))?.ignoreFile?.text;

describe('the build context of a Dockerfile', () => {
  it.each([
    ['a/Dockerfile', 'dist\n'],
    ['a/Containerfile', 'other\n'],
    ['b/web.Dockerfile', 'own\n'],
    ['b/Dockerfile', 'shared\n'],
    ['c/Dockerfile', undefined],
    ['d/Dockerfile', undefined],
    ['e/Dockerfile', undefined],
    ['nowhere/Dockerfile', undefined],
  ])('%s: %j', (path, text) => {
    expect(ignoreOf(path)).toBe(text);
  });

  it('is none for standard input', () => {
    expect(buildContextOf('-')).toBeUndefined();
  });

  it('is what the user says, with the ignore file of that folder, or of the Dockerfile', () => {
    const given = (path: string, context: string) =>
      buildContextOf(path === '-' ? path : join(cwd, path), join(cwd, context));
    expect(given('c/Dockerfile', 'a')).toMatchObject({
      path: join(cwd, 'a'),
      isGiven: true,
      ignoreFile: { text: 'dist\n' },
    });
    expect(given('b/web.Dockerfile', 'a')?.ignoreFile?.text).toBe('own\n');
    expect(given('-', 'a')?.ignoreFile?.text).toBe('dist\n');
    expect(given('a/Dockerfile', 'c')?.ignoreFile).toBeUndefined();
    expect(() => checkContext(join(cwd, 'nowhere'))).toThrow('there is no folder');
    expect(checkContext(cwd)).toBe(cwd);
  });

  it('is read where it looks like one', () => {
    const weight = (path: string) => buildContextOf(join(cwd, path))?.weigh?.('', (name) => name === '.git');
    expect(weight('a/Dockerfile')).toMatchObject({ files: 4, marked: [] });
    expect(weight('f/Dockerfile')).toMatchObject({
      files: 4,
      bytes: 18,
      marked: [{ path: '.git', files: 1, bytes: 4 }],
    });
    // Which folder that file belongs to, nobody knows.
    expect(weight('b/web.Dockerfile')).toBeUndefined();
    expect(weight('f/other.Dockerfile')).toBeUndefined();
    expect(weight('c/Dockerfile')).toBeUndefined();
  });

  it('has files, folders and links, and nothing above it', () => {
    const context = buildContextOf('-', join(cwd, 'f'));
    const has = (path: string) => context?.has?.(path);
    expect(['Dockerfile', './src/', '/src/a', '../src', 'link', '', 'b', '../a'].map(has)).toEqual([
      true,
      true,
      true,
      true,
      true,
      true,
      false,
      false,
    ]);
    expect(context?.list?.('src')).toEqual(['a']);
    expect(context?.list?.('b')).toBeUndefined();
    expect(context?.weigh?.('link', () => false)).toMatchObject({ files: 0 });
  });

  it('is known to the rules', async () => {
    const { files } = await lintFiles([join(cwd, 'a/Dockerfile')], {
      choose: chooseAlways(ruleSet(rules.filter(({ id }) => id === 'copy-ignored'))),
      repair: 'no',
      unsafe: false,
      stdinName: '-',
    });
    expect(files.flatMap(({ findings }) => findings.map(({ message }) => message))).toEqual([
      `${join(cwd, 'a/.dockerignore')} keeps dist out, so COPY does not find it`,
    ]);
  });

  it('is known to the rules when it is given', async () => {
    const { files } = await lintFiles([join(cwd, 'a/Dockerfile')], {
      choose: chooseAlways(ruleSet(rules.filter(({ id }) => id === 'copy-missing-source'))),
      repair: 'no',
      unsafe: false,
      stdinName: '-',
      context: join(cwd, 'f'),
    });
    expect(files.flatMap(({ findings }) => findings.map(({ message }) => message))).toEqual([
      `there is no dist in the build context ${join(cwd, 'f')}`,
    ]);
  });
});
