import { mkdirSync, symlinkSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { rules } from '../../rules/index.ts';
import { buildContextOf } from '../../src/build-context.ts';
import { ruleSet } from '../../src/lint/rule-set.ts';
import { lintFiles } from '../../src/lint-files.ts';
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
    'd/Dockerfile': 'FROM alpine:3\n',
    'd/.dockerignore': 'x\n'.repeat(600_000),
  }));
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

  it('is known to the rules', async () => {
    const { files } = await lintFiles([join(cwd, 'a/Dockerfile')], {
      rules: ruleSet(rules.filter(({ id }) => id === 'copy-ignored')),
      analyze: {},
      repair: 'no',
      unsafe: false,
      stdinName: '-',
    });
    expect(files.flatMap(({ findings }) => findings.map(({ message }) => message))).toEqual([
      `${join(cwd, 'a/.dockerignore')} keeps dist out, so COPY does not find it`,
    ]);
  });
});
