import { mkdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, describe, expect, test } from 'vitest';
import { Configs } from '../../src/config.ts';
import { folder } from '../support/cli.ts';

let path = '';
let remove = (): void => {};
afterEach(() => remove());

function files(all: Readonly<Record<string, string>>, isRepository = true): void {
  ({ path, remove } = folder(all));
  if (isRepository) mkdirSync(join(path, '.git'), { recursive: true });
}

const placeOf = (name: string, choice = {}): string | undefined =>
  new Configs(choice, []).placeFor(join(path, name))?.path?.replace(`${path}/`, '');

describe('the configuration of a Dockerfile', () => {
  test.each<[string, Readonly<Record<string, string>>, string | undefined]>([
    ['beside it', { 'a/.dlint.yaml': '', '.dlint.yaml': '' }, 'a/.dlint.yaml'],
    ['above it', { 'a/x': '', '.dlint.yml': '' }, '.dlint.yml'],
    ['as JSON', { 'a/.dlint.json': '{}' }, 'a/.dlint.json'],
    ['.yaml before .yml before .json', { '.dlint.yaml': '', '.dlint.yml': '', '.dlint.json': '' }, '.dlint.yaml'],
    ['in package.json', { 'package.json': '{ "dlint": {} }' }, 'package.json'],
    ['not a package of that name', { 'package.json': '{ "devDependencies": { "dlint": "1" } }' }, undefined],
    ['not in a broken package.json', { 'package.json': '{ "dlint": ' }, undefined],
    ['a file of ours above one of hadolint', { 'a/.hadolint.yaml': '', '.dlint.yaml': '' }, '.dlint.yaml'],
    ['hadolint’s where there is none of ours', { '.hadolint.yml': '' }, '.hadolint.yml'],
    ['not a folder of that name', { 'a/.dlint.yaml/x': '', '.dlint.yaml': '' }, '.dlint.yaml'],
  ])('%s', (_, all, expected) => {
    files({ 'a/Dockerfile': '', ...all });
    expect(placeOf('a')).toBe(expected);
  });

  test('is not looked for above the repository', () => {
    files({ '.dlint.yaml': '', 'inner/Dockerfile': '' }, false);
    mkdirSync(join(path, 'inner/.git'));
    expect(placeOf('inner')).toBeUndefined();
  });

  test('a worktree is a repository, too: .git is a file there', () => {
    files({ '.dlint.yaml': '', 'inner/.git': 'gitdir: x', 'inner/a/Dockerfile': '' }, false);
    expect(placeOf('inner/a')).toBeUndefined();
  });

  test('outside a repository: beside it alone, for the working directory is elsewhere', () => {
    files({ '.dlint.yaml': '', 'a/Dockerfile': '' }, false);
    expect(placeOf('a')).toBeUndefined();
    expect(placeOf('.')).toBe('.dlint.yaml');
  });

  test('is the one that is given, or none', () => {
    files({ '.dlint.yaml': '', '.hadolint.yaml': '' });
    expect(placeOf('.', { file: join(path, 'x.yaml') })).toBe('x.yaml');
    expect(placeOf('.', { none: true })).toBeUndefined();
  });

  test('is looked for once for each folder', () => {
    files({ '.dlint.yaml': '' });
    const configs = new Configs({}, []);
    const first = configs.placeFor(path);
    rmSync(join(path, '.dlint.yaml'));
    expect(configs.placeFor(path)).toBe(first);
  });
});
