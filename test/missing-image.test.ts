import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { officialImages } from '../src/lint/semantic/official-images.ts';
import { checkImagesExist } from '../src/missing-image.ts';
import { dlint, folder } from './support/cli.ts';

const from = process.cwd();
let remove = (): void => {};

beforeAll(() => {
  const files = ['missing.tar', 'nodes.tar', 'app.tar', 'app-2.tar.gz', 'images/redis-1.tar', 'layers/index.json'];
  const { path, remove: removeAll } = folder(Object.fromEntries(files.map((name) => [name, ''])));
  for (const name of officialImages) writeFileSync(join(path, `${name}s.tar`), '');
  mkdirSync(join(path, 'project'));
  process.chdir(path);
  remove = removeAll;
});
afterAll(() => {
  process.chdir(from);
  remove();
});

type Images = Parameters<typeof checkImagesExist>[0];

function hintOf(reference: string, command: Images['command'] = 'inspect'): string | undefined {
  try {
    checkImagesExist({ command, args: [reference], flags: {} } as Images);
    return undefined;
  } catch (error) {
    const { message, where, hint = 'none' } = error as Error & { where: string; hint?: string };
    expect([message, where]).toEqual(['there is no such file or folder', reference]);
    return hint;
  }
}

describe('a name that no file has', () => {
  test.each([
    ['mising.tar', 'did you mean missing.tar?'],
    ['./mising.tar', 'did you mean ./missing.tar?'],
    ['./missing', 'did you mean ./missing.tar?'],
    ['app-2.tar', 'did you mean app-2.tar.gz?'],
    ['missing.oci', 'did you mean missing.tar?'],
    ['imags/redis-1.tar', 'there is no folder imags; did you mean images?'],
    ['imags/deep/redis-1.tar', 'there is no folder imags; did you mean images?'],
    ['images/redis-2.tar', 'did you mean images/redis-1.tar?'],
    ['/nowhere-at-all/app.tar', 'there is no folder /nowhere-at-all'],
    ['~/app.tar', 'the shell has not filled in ~: write "$HOME"/… instead'],
    ['something-else.tar', 'none'],
    ['mising', 'did you mean missing.tar? An image of a registry of this name: docker://mising'],
    ['layer', 'did you mean layers? An image of a registry of this name: docker://layer'],
    ['images/redis-2', 'did you mean images/redis-1.tar? An image of a registry of this name: docker://images/redis-2'],
  ])('%s: %s', (reference, hint) => {
    expect(hintOf(reference)).toBe(hint);
  });

  test('may be a folder, where one is read', () => {
    expect(hintOf('projcet', 'sbom')).toMatch(/^did you mean project\?/);
    expect(hintOf('projcet', 'inspect')).toBeUndefined();
  });

  test('ends the program before a registry is asked', () => {
    const { stderr, stdout, status } = dlint(['inspect', 'examples/app/imge.tar']);
    expect(stderr).toBe(
      'error  there is no such file or folder\nwhere  examples/app/imge.tar\ntry    did you mean examples/app/image.tar?\n',
    );
    expect([stdout, status]).toEqual(['', 2]);
  });
});

describe('names of registries', () => {
  test.each([
    'mising:1.0',
    'mising@sha256:0123456789012345678901234567890123456789012345678901234567890123',
    'library/mising',
    'ghcr.io/a/b',
    'localhost:5000/mising',
    'docker://mising',
    'docker-daemon:mising',
    'app',
    'else',
    '-',
  ])('%s', (reference) => {
    expect(hintOf(reference)).toBeUndefined();
  });

  test('of official images, whatever lies here', () => {
    expect([...officialImages].filter((name) => hintOf(name) !== undefined)).toEqual([]);
  });
});

test('every image of a command line is looked at, and no other word of it', () => {
  const check = (command: string, args: readonly string[], flags = {}) =>
    checkImagesExist({ command, args, flags } as unknown as Images);
  expect(() => check('diff', ['app.tar', 'ap.tar'])).toThrow('no such file');
  expect(() => check('shared', ['app.tar', 'app.tar', 'ap.tar'])).toThrow('no such file');
  expect(() => check('inspect', ['app.tar'], { base: 'ap.tar' })).toThrow('no such file');
  expect(() => check('check', ['app.tar'], { against: './x' })).toThrow('no such file');
  expect(() => check('inspect', ['app.tar'], { base: '3' })).not.toThrow();
  expect(() => check('cat', ['app.tar', '/etc/passwd.gz'])).not.toThrow();
  expect(() => check('extract', ['app.tar', './new'])).not.toThrow();
});
