import { describe, expect, test } from 'vitest';
import { lastLayerWith, nearPaths } from '../../src/layers/near-paths.ts';
import { resolvePath } from '../../src/layers/resolve-path.ts';
import { stack } from '../../src/layers/stack.ts';
import { directory, entry, file, record, symlink, whiteout } from '../support/entries.ts';

const tree = stack([
  record(
    directory('bin'),
    file('bin/busybox', 'elf'),
    symlink('bin/sh', 'busybox'),
    symlink('bin/ash', '/bin/sh'),
    symlink('sbin', 'bin'),
    symlink('out', '../../../bin/busybox'),
    symlink('deep/up', '../bin/../deep/./low'),
    file('deep/low', 'low'),
    symlink('loop/a', 'b'),
    symlink('loop/b', 'a'),
    symlink('gone', 'nowhere/at/all'),
    entry('dev/null', 'character-device'),
    file('old', 'old'),
  ),
  record(whiteout('old')),
]);

describe('resolvePath', () => {
  test.each([
    ['bin/sh', 'bin/busybox'],
    ['/bin//./ash', 'bin/busybox'],
    ['sbin/sh', 'bin/busybox'],
    ['out', 'bin/busybox'],
    ['deep/up', 'deep/low'],
    ['sbin/../bin/busybox', 'bin/busybox'],
    ['../../deep/low', 'deep/low'],
    ['sbin', 'bin'],
    ['dev/null', 'dev/null'],
  ])('%s leads to %s', (path, real) => {
    expect(resolvePath(tree, path).file?.path).toBe(real);
  });

  test.each([
    ['loop/a', { problem: 'loop' }],
    ['gone', { problem: 'absent', at: 'nowhere' }],
    ['bin/no', { problem: 'absent', at: 'bin/no' }],
    ['bin/sh/x', { problem: 'not-a-directory', at: 'bin/busybox', kind: 'file' }],
    ['/', { problem: 'root' }],
    ['bin/..', { problem: 'root' }],
    ['', { problem: 'root' }],
  ])('%s leads nowhere', (path, problem) => {
    expect(resolvePath(tree, path)).toMatchObject({ file: undefined, ...problem });
  });

  test('links that grow do not take for ever', () => {
    const hops = Array.from({ length: 39 }, (_, i) => symlink(`l${i}`, `${`l${i + 1}/../`.repeat(50)}l${i + 1}`));
    const grown = stack([record(directory('l39'), ...hops)]);
    expect(resolvePath(grown, 'l0').file).toBeUndefined();
  });
});

test('a path that is gone is known by the layer that had it last, and by its name elsewhere', () => {
  expect(lastLayerWith(tree, 'old', 2)).toBe(1);
  expect(lastLayerWith(tree, 'never', 2)).toBeUndefined();
  const { siblings, namesakes } = nearPaths(tree, 'bin/low');
  expect(siblings).toEqual(['ash', 'busybox', 'sh']);
  expect(namesakes).toEqual(['deep/low']);
});
