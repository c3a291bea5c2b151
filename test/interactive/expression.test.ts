import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { linearExpression } from '../../src/interactive/expression.ts';
import { cpuTime } from '../support/cpu-time.ts';

const texts = [
  '',
  'a',
  'b',
  'ab',
  'aab',
  'abab',
  '/usr/lib/libc.so.6',
  '/a-b_c.d',
  'ä',
  '😀',
  'a😀b',
  '\n',
  'a\nb',
  'aaaa',
  'A1 b',
  '\ud83d',
  '\u2028',
];

/** Asked at every character: searching by itself, V8 also finds `\B` in the middle of a pair of surrogates. */
function matchesSomewhere(sticky: RegExp, text: string): boolean {
  const starts = [0];
  for (const character of text) starts.push((starts.at(-1) as number) + character.length);
  return starts.some((start) => {
    sticky.lastIndex = start;
    return sticky.test(text);
  });
}

describe('means what the engine’s own means', () => {
  test.each([
    'a',
    '',
    '^',
    '$',
    '^$',
    'a|b',
    'a|',
    '|',
    '(a|b)+',
    '(?:ab)*$',
    '^(?:a*)*$',
    '(a*)+b',
    'a?b',
    'a{2}',
    'a{2,}',
    '^a{1,3}$',
    'a{0}b',
    '(a{0,2}){0,2}$',
    '.',
    '^.$',
    '^..$',
    '[ab]',
    '[^ab]',
    '[^]',
    '[]',
    '[a\\]]',
    '[\\d\\-x]',
    '\\d',
    '\\w+\\W',
    '\\.so(\\.\\d+)*$',
    '\\bb',
    'b\\b',
    '\\Bb',
    '^\\b',
    '\\B$',
    '\\u{1F600}',
    '\\ud83d\\ude00',
    '\\p{L}',
    '^\\P{L}+$',
    '\\x61',
    '\\/',
    '(?<name>a)b',
    'a*?b',
    '(a|ab)(c|bcd)?$',
    '((a)|b)*$',
    '\\n',
    '\\0',
    '[\\u{1F600}]',
    '^(a|aa)+$',
    '()',
    '(|a)+',
  ])('%s', (source) => {
    const own = linearExpression(source);
    const native = new RegExp(source, 'u');
    expect(texts.map((text) => [text, own(text)])).toEqual(texts.map((text) => [text, native.test(text)]));
  });

  test('of expressions put together at random', () => {
    const atom = fc.constantFrom('a', 'b', '.', '[ab]', '[^a]', '\\w', '\\b', '\\B', '^', '$', '(?:)');
    const { expression } = fc.letrec<{ expression: string }>((tie) => ({
      expression: fc.oneof(
        { depthSize: 'small' },
        atom,
        fc.tuple(tie('expression'), tie('expression')).map(([a, b]) => a + b),
        fc.tuple(tie('expression'), tie('expression')).map(([a, b]) => `(${a}|${b})`),
        fc
          .tuple(tie('expression'), fc.constantFrom('*', '+', '?', '{2}', '{0,2}', '{1,}'))
          .map(([a, q]) => `(?:${a})${q}`),
      ),
    }));
    const text = fc.string({ unit: fc.constantFrom('a', 'b', '/', 'é', '😀', '\n'), maxLength: 8 });
    fc.assert(
      fc.property(expression, fc.array(text, { minLength: 5, maxLength: 5 }), (source, some) => {
        const own = linearExpression(source);
        const native = new RegExp(source, 'uy');
        for (const one of some) expect([source, one, own(one)]).toEqual([source, one, matchesSomewhere(native, one)]);
      }),
      { numRuns: 1000 },
    );
  });
});

test.each([
  ['(', /Unterminated group/],
  ['*', /Nothing to repeat/],
  ['(?=a)', /assertions .* are not for this/],
  ['(?<!a)b', /assertions .* are not for this/],
  ['(a)\\1', /references to groups/],
  ['(?<n>a)\\k<n>', /references to groups/],
  ['(?:a{999}){999}', /too large/],
  [`${'('.repeat(150)}a${')'.repeat(150)}`, /too many groups/],
])('%s is refused', (source, problem) => {
  expect(() => linearExpression(source)).toThrow(problem);
});

test.each([
  '(a+)+$',
  '^/(a|a)*$',
  '(.*)*x',
  '.*.*.*.*.*x',
  '(\\w+\\s?)+:',
  '(?:a?){50}a{50}x',
  '^(([a-z])+.)+[A-Z]([a-z])+$',
])('%s takes linear time', (source) => {
  const matches = linearExpression(source);
  const cpu = cpuTime();
  for (let i = 0; i < 20; i++) expect(matches(`/${'a'.repeat(5000)}!`)).toBe(false);
  expect(cpuTime() - cpu).toBeLessThan(2000);
});

test('sets that are too many to remember are forgotten', () => {
  const matches = linearExpression('(?:a|b)*a(?:a|b){14}$');
  let text = '';
  for (let i = 0; i < 20_000; i++) text += (i * 2654435761) % 7 < 3 ? 'a' : 'b';
  for (let i = 0; i < 40; i++) {
    const one = text.slice(i * 400, i * 400 + 600);
    expect(matches(one)).toBe(one.at(-15) === 'a');
  }
});
