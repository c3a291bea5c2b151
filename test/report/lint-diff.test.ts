import { spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { renderUnifiedDiff } from '../../src/report/unified-diff.ts';
import { folder } from '../support/cli.ts';

const diff = (before: string, after: string) =>
  [...renderUnifiedDiff('f', before, after, { color: false, width: 80 })].join('');

describe('renderUnifiedDiff', () => {
  test('is empty when nothing changed', () => expect(diff('a\n', 'a\n')).toBe(''));

  test('shows three lines around a change', () => {
    expect(diff('1\n2\n3\n4\n5\n6\n7\n8\n9\n', '1\n2\n3\n4\nx\n6\n7\n8\n9\n')).toBe(
      '--- a/f\n+++ b/f\n@@ -2,7 +2,7 @@\n 2\n 3\n 4\n-5\n+x\n 6\n 7\n 8\n',
    );
  });

  test('marks a missing end of line', () => {
    expect(diff('a', 'b\n')).toBe('--- a/f\n+++ b/f\n@@ -1 +1 @@\n-a\n\\ No newline at end of file\n+b\n');
  });

  test('patch(1) turns the one text into the other', () => {
    const lines = fc.array(fc.constantFrom('a', 'b', 'c', '', 'd\r'), { maxLength: 30 });
    const text = fc
      .tuple(lines, fc.boolean())
      .map(([all, end]) => all.join('\n') + (end && all.length > 0 ? '\n' : ''));
    fc.assert(
      fc.property(text, text, (before, after) => {
        fc.pre(before !== after && before !== '' && after !== '');
        const { path, remove } = folder({ f: before });
        const { status, stdout } = spawnSync('patch', ['--binary', '-s', '-F0', 'f'], {
          cwd: path,
          input: diff(before, after),
          encoding: 'utf8',
        });
        const result = readFileSync(join(path, 'f'), 'utf8');
        remove();
        expect([status, stdout, result]).toEqual([0, '', after]);
      }),
      { numRuns: 60 },
    );
  });
});
