import { readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { parse } from 'yaml';
import { isDockerfileName } from '../src/discover.ts';

interface Hook {
  readonly id: string;
  readonly entry: string;
  readonly files: string;
  readonly exclude: string;
}

const hooks: Hook[] = parse(readFileSync(new URL('../.pre-commit-hooks.yaml', import.meta.url), 'utf8'));

/** pre-commit searches with Python's `re`; the expressions keep to what both languages read alike, but for `(?i)`. */
function expression(text: string): RegExp {
  return new RegExp(text.replace('(?i)', ''), 'i');
}

describe.each(hooks)('$id', ({ files, exclude }) => {
  const takes = (name: string) => expression(files).test(name) && !expression(exclude).test(name);

  test.each([
    'Dockerfile',
    'dockerfile',
    'Containerfile',
    'Dockerfile.prod',
    'Dockerfile-dev',
    'Dockerfile_arm',
    'app.dockerfile',
    'App.Dockerfile',
    'web-Dockerfile',
    'app.containerfile',
  ])('takes %s, as a searched directory does', (name) => {
    expect(isDockerfileName(name)).toBe(true);
    expect(takes(name)).toBe(true);
    expect(takes(`some/folder/${name}`)).toBe(true);
  });

  test.each([
    'Dockerfile.md',
    'Dockerfile.j2',
    '.dockerignore',
    'Dockerfile.dockerignore',
    'mydockerfiles',
    'Dockerfiles',
    'Makefile',
    'Dockerfile~',
    'Dockerfile.yml',
  ])('leaves %s, as a searched directory does', (name) => {
    expect(isDockerfileName(name)).toBe(false);
    expect(takes(name)).toBe(false);
  });
});

test('one hook reports, one repairs', () => {
  expect(hooks.map(({ id, entry }) => [id, entry])).toEqual([
    ['dlint', 'dlint lint'],
    ['dlint-fix', 'dlint lint --fix'],
  ]);
});
