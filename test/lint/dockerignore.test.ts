import { describe, expect, it } from 'vitest';
import { readDockerIgnore } from '../../src/lint/dockerignore.ts';
import { cpuTime } from '../support/cpu-time.ts';

function ignored(text: string, path: string): boolean {
  return readDockerIgnore(text).ignoredBy(path) !== undefined;
}

describe('a .dockerignore', () => {
  it.each([
    ['node_modules', 'node_modules', true],
    ['node_modules', 'node_modules/a/b', true],
    ['node_modules', 'a/node_modules', false],
    ['**/node_modules', 'a/node_modules/b', true],
    ['**/node_modules', 'node_modules', true],
    ['a/**/c', 'a/c', true],
    ['a/**/c', 'a/b/b/c/d', true],
    ['a/**/c', 'a/b/b', false],
    ['a/**', 'a', true],
    ['/a/./b/../c/', 'a/c', true],
    ['*.log', 'x.log', true],
    ['*.log', 'a/x.log', false],
    ['*/*.log', 'a/x.log', true],
    ['a?c', 'abc', true],
    ['a?c', 'a/c', false],
    ['[a-c]x', 'bx', true],
    ['[^a-c]x', 'bx', false],
    ['\\*', '*', true],
    ['\\*', 'a', false],
    ['# a', 'a', false],
    ['  a  ', './a/', true],
    ['a\r\nb\r\n', 'a', true],
    ['.', 'a', false],
    ['', 'a', false],
    ['*', '.', true],
    ['**', '.', true],
    ['**/*', '.', true],
    ['*/*', '.', false],
    ['a', '.', false],
    ['*\n!a', '.', false],
    ['*\n!a', 'a', false],
    ['*\n!a', 'a/b', false],
    ['*\n!a', 'b', true],
    ['*\n!a/b', 'a', false],
    ['*\n!**/c', 'a', false],
    ['*\n!x/y', 'a', true],
    ['!a\n*', 'a', true],
    ['*\n!a\na', 'a', true],
    ['a\n!a/b.md', 'a/b.md', false],
    ['a\n!a/b.md', 'a/c.md', true],
  ])('%j on %s: %s', (text, path, expected) => {
    expect(ignored(text, path)).toBe(expected);
  });

  it('names the pattern', () => {
    expect(readDockerIgnore('b\n*.md \n').ignoredBy('a.md')).toBe('*.md');
  });

  it('is read in bounded time', () => {
    const before = cpuTime();
    const hard = readDockerIgnore(`${`${'**/'.repeat(100)}${'*a'.repeat(90)}\n`.repeat(2000)}`);
    expect(hard.ignoredBy(`${'a/'.repeat(200)}${'a'.repeat(99)}b`)).toBeUndefined();
    expect(cpuTime() - before).toBeLessThan(4000);
  });
});
