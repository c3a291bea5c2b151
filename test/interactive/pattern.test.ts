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

  test('an expression that is none says so', () => {
    expect(matched('~(')).toMatch(/Unterminated group/);
  });

  test('a glob that is none matches nothing, and throws nothing', () => {
    for (const glob of ['[', '{a', '***', '[]]', '{,}', '*'.repeat(500)]) expect(() => matched(glob)).not.toThrow();
  });
});
