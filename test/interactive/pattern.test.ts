import { describe, expect, test } from 'vitest';
import { readPattern } from '../../src/interactive/pattern.ts';

const paths = ['/etc', '/etc/passwd', '/usr/lib/libc.so', '/usr/lib/libc.so.6', '/usr/share/Doc/README', '/a[1].txt'];

function matched(text: string): string[] | string {
  const pattern = readPattern(text);
  return 'problem' in pattern ? pattern.problem : paths.filter((path) => pattern.matches(path));
}

describe('readPattern', () => {
  test.each([
    ['so.6', ['/usr/lib/libc.so.6']],
    ['readme', ['/usr/share/Doc/README']],
    ['README', ['/usr/share/Doc/README']],
    ['Readme', []],
    ['/etc', ['/etc', '/etc/passwd']],
    ['*.so', ['/usr/lib/libc.so']],
    ['usr/*/libc*', ['/usr/lib/libc.so', '/usr/lib/libc.so.6']],
    ['/usr/sh*', ['/usr/share/Doc/README']],
    ['~so$', ['/usr/lib/libc.so']],
    ['~^/etc$', ['/etc']],
    ['~', paths],
  ])('%s', (text, found) => {
    expect(matched(text)).toEqual(found);
  });

  test('of names, where a pattern is of names, it is the same', () => {
    for (const text of ['so', 'README', 'etc', '*.so*', 'usr', 'lib*', '!etc', '[a', 'a[[]1*', '{etc,Doc}']) {
      const pattern = readPattern(text);
      if ('problem' in pattern) throw new Error(pattern.problem);
      const named = paths.filter((path) =>
        path
          .slice(1)
          .split('/')
          .some((name) => pattern.matchesName?.(name)),
      );
      expect([text, named]).toEqual([text, matched(text)]);
    }
    for (const text of ['/etc', 'usr/*', '~etc', 'lib/libc'])
      expect(readPattern(text)).not.toHaveProperty('matchesName');
  });

  test('an expression that is none says so', () => {
    expect(matched('~(')).toMatch(/Unterminated group/);
    expect(matched('~(?=a)')).toMatch(/assertions/);
  });

  test('a glob that is none matches nothing, and throws nothing', () => {
    for (const glob of ['[', '{a', '***', '[]]', '{,}', '*'.repeat(500)]) expect(() => matched(glob)).not.toThrow();
  });
});
