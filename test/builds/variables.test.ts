import { describe, expect, test } from 'vitest';
import { expandVariables, parseEnv } from '../../src/builds/variables.ts';
import { cpuTime } from '../support/cpu-time.ts';

const set: Readonly<Record<string, string>> = { A: 'a', EMPTY: '', B_2: 'b' };
const expand = (raw: string) => expandVariables(raw, (name) => set[name]);

describe('expandVariables', () => {
  test.each([
    ['plain', 'plain'],
    ['$A-${A}/$B_2', 'a-a/b'],
    ['$$A $${A} 5$', '$A ${A} 5$'],
    ['${NONE:-x}${NONE-y}${EMPTY:-z}${EMPTY-w}', 'xyz'],
    ['${A:-x}${A-${NONE}}', 'aa'],
    ['${NONE:-${NONE2:-${A}}}/d', 'a/d'],
    ['${NONE:-a:b/c}', 'a:b/c'],
    ['${A:+x}${NONE:+y}${EMPTY+z}${EMPTY:+w}', 'xz'],
    ['${A:?needed}', 'a'],
    ['${EMPTY?needed}', ''],
  ])('%s', (raw, text) => expect(expand(raw)).toEqual({ text }));

  test.each([
    ['${NONE}', 'NONE'],
    ['$NONE/$OTHER', 'NONE'],
    ['${NONE:?set it}', 'NONE'],
    ['${EMPTY:?set it}', 'EMPTY'],
    ['${A:+$NONE}', 'NONE'],
    ['${OTHER:-$NONE}', 'NONE'],
  ])('%s is not known', (raw, missing) => expect(expand(raw)).toEqual({ missing }));

  test('is bounded', () => {
    const deep = '${X:-'.repeat(50_000);
    expect(() => expand(deep)).not.toThrow();
    const started = cpuTime();
    expand('${A}$'.repeat(200_000));
    expect(cpuTime() - started).toBeLessThan(5000);
  });
});

test('.env', () => {
  const text = '# c\nA=1\nexport B = "x y" # c\nC=\'$A\'\nD=a#b\nE=a # b\nF=\n1X=2\nG\r\nH=h\r\n';
  expect(Object.fromEntries(parseEnv(text))).toEqual({ A: '1', B: 'x y', C: '$A', D: 'a#b', E: 'a', F: '', H: 'h' });
});
