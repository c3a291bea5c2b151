import { array, assert, constantFrom, property } from 'fast-check';
import { describe, expect, test } from 'vitest';
import { Evaluator, type Scope } from '../../src/builds/hcl/evaluate.ts';
import { parseHcl } from '../../src/builds/hcl/parse.ts';
import { parseTemplate } from '../../src/builds/hcl/parse-template.ts';
import { HclError } from '../../src/builds/hcl/syntax.ts';
import { isList, isTable, Unknown, type Value } from '../../src/builds/hcl/value.ts';
import { cpuTime } from '../support/cpu-time.ts';

const names: Readonly<Record<string, Value>> = {
  a: 'x',
  n: 3,
  yes: true,
  none: null,
  list: ['p', 'q'],
  table: new Map<string, Value>([
    ['k', 'v'],
    ['deep', new Map([['er', 'w']])],
  ]),
  rows: [new Map([['id', 1]]), new Map([['id', 2]])],
  unset: new Unknown('unset is not set', 'set it'),
};
const scope: Scope = {
  name: (name) => names[name],
  call: (name, [first]) => (name === 'twice' ? `${String(first)}${String(first)}` : undefined),
};

function plain(value: Value): unknown {
  if (value instanceof Unknown) return `? ${value.what}`;
  if (isList(value)) return value.map(plain);
  return isTable(value) ? Object.fromEntries([...value].map(([key, each]) => [key, plain(each)])) : value;
}

function evaluate(text: string): unknown {
  const { value } = parseHcl(`x = ${text}\n`).attributes.get('x') ?? {};
  if (!value) throw new Error('no attribute');
  return plain(new Evaluator().evaluate(value, scope));
}

describe('expressions', () => {
  test.each<[string, unknown]>([
    ['1.5e2', 150],
    ['null', null],
    ['trueish', '? there is no variable trueish'],
    ['1 + 2 * 3 - 4 / 2', 5],
    ['(1 + 2) * 3 % 5', 4],
    ['-n + 1', -2],
    ['!yes || n >= 3 && a == "x"', true],
    ['n == "3"', false],
    ['list == ["p", "q"]', true],
    ['1 / 0', '? / has no result here'],
    ['a != "" ? "set" : "empty"', 'set'],
    ['yes ? n > 2 ? "in" : "out" : "no"', 'in'],
    ['unset == "" ? 1 : 2', '? unset is not set'],
    ['yes || unset', true],
    ['unset && !yes', false],
    ['[1, [2], "c",]', [1, [2], 'c']],
    ['[\n  1, # one\n  // and\n  2 /* two */\n]', [1, 2]],
    ['{ a = 1, "b" : 2\n (a) = 3\n "${a}y" = 4 }', { a: 1, b: 2, x: 3, xy: 4 }],
    ['{}', {}],
    ['table.k', 'v'],
    ['table["deep"].er', 'w'],
    ['list[1]', 'q'],
    ['list.0', 'p'],
    ['list[2]', '? there is no element 2'],
    ['rows[*].id', [1, 2]],
    ['rows.*.id', [1, 2]],
    ['[for v in list : upper(v)]', ['P', 'Q']],
    ['[for i, v in list : "${i}${v}" if v != "p"]', ['1q']],
    ['{for k, v in { m = 1, n = 2 } : v => k}', { 1: 'm', 2: 'n' }],
    ['{for v in ["a1", "a2"] : substr(v, 0, 1) => v...}', { a: ['a1', 'a2'] }],
    ['twice("ab")', 'abab'],
    ['max(1, 4, 2) + min([5, 3]...)', 7],
    ['nothing()', '? nothing() is not computed here'],
    ['timestamp()', '? timestamp() is not computed here'],
    ['try(table.none, "else")', 'else'],
    ['try(unset, "else")', '? unset is not set'],
    ['can(list[7])', false],
  ])('%s', (text, expected) => expect(evaluate(text)).toEqual(expected));
});

describe('templates', () => {
  test.each<[string, unknown]>([
    ['"a\\tb\\"\\\\\\u00e9"', 'a\tb"\\é'],
    ['"${n}"', 3],
    ['"${n}!"', '3!'],
    ['"$a $${a} %%{if} 5% $$"', '$a ${a} %{if} 5% $$'],
    ['"v${ "in ${a}" }"', 'vin x'],
    ['"${list}-"', '? a list stands where a text belongs'],
    ['"${none}-"', '? null stands where a text belongs'],
    ['"-${unset}"', '? unset is not set'],
    ['"%{ if yes }on%{ else }off%{ endif }"', 'on'],
    ['"%{ if !yes }on%{ endif }."', '.'],
    ['"%{ for v in list }<${v}>%{ endfor }"', '<p><q>'],
    ['"a ${~ a ~} b"', 'axb'],
    ['<<EOT\n  one\n    ${a}\n  EOT', '  one\n    x\n'],
    ['<<-EOT\n\n  one\n    ${a}\n   \n  $${two}\n  EOT', '\none\n  x\n   \n${two}\n'],
    ['<<EOT\r\none\r\ntwo\r\nEOT', 'one\ntwo\n'],
    ['<<EOT\nEOT', ''],
  ])('%s', (text, expected) => expect(evaluate(text)).toEqual(expected));

  test('of JSON are a whole text', () => {
    expect(plain(new Evaluator().evaluate(parseTemplate('"${a}"\n'), scope))).toBe('"x"\n');
  });
});

test.each<[string, unknown]>([
  ['add(1, "2")', 3],
  ['and(true, false)', false],
  ['basename("/a/b.c")', 'b.c'],
  ['chomp("a\\n")', 'a'],
  ['coalesce("", null, "c")', 'c'],
  ['coalesce(unset, "c")', '? unset is not set'],
  ['compact(["", "a"])', ['a']],
  ['concat(list, ["r"])', ['p', 'q', 'r']],
  ['contains(list, "q")', true],
  ['contains([unset], "q")', '? unset is not set'],
  ['distinct([1, 1, 2])', [1, 2]],
  ['element(list, 3)', 'q'],
  ['equal(a, "x")', true],
  ['flatten([[1], [[2]]])', [1, 2]],
  ['format("%s-%d%%", a, n)', 'x-3%'],
  ['format("%5.2f", n)', '? format(): %5.2f is not written here'],
  ['join(",", list)', 'p,q'],
  ['jsonencode({ a = [1] })', '{"a":[1]}'],
  ['keys({ b = 1, a = 2 })', ['a', 'b']],
  ['length(list)', 2],
  ['lookup(table, "none", "d")', 'd'],
  ['merge({ a = 1 }, null, { a = 2, b = unset })', { a: 2, b: '? unset is not set' }],
  ['range(1, 4)', [1, 2, 3]],
  ['range(1000000)', '? range(): the result is too long'],
  ['replace("3.11", ".", "-")', '3-11'],
  ['reverse(list)', ['q', 'p']],
  ['sanitize("a/b.c")', 'a_b_c'],
  [
    'setproduct(["a"], [1, 2])',
    [
      ['a', 1],
      ['a', 2],
    ],
  ],
  ['slice(list, 1, 2)', ['q']],
  ['sort(["b", "a"])', ['a', 'b']],
  ['split(",", "a,b")', ['a', 'b']],
  ['substr("abc", -2, 1)', 'b'],
  ['title("ab cd")', 'Ab Cd'],
  ['trim("--a-", "-")', 'a'],
  ['trimprefix("v1", "v")', '1'],
  ['trimsuffix("a.git", ".git")', 'a'],
  ['upper([])', '? upper(): a text is missing'],
  ['values({ b = 1, a = 2 })', [2, 1]],
  ['zipmap(["a"], [1])', { a: 1 }],
])('the function in %s', (text, expected) => expect(evaluate(text)).toEqual(expected));

test('blocks and their labels', () => {
  const { blocks, attributes } = parseHcl(
    'top = 1\ntarget "a" {\n  "context" = "."\n  inner { x = 1 }\n}\ngroup b {}\n',
  );
  expect([...attributes.keys()]).toEqual(['top']);
  expect(blocks.map(({ type, labels, at }) => [type, labels, at])).toEqual([
    ['target', ['a'], 16],
    ['group', ['b'], 65],
  ]);
  expect(blocks[0]?.body.attributes.has('context')).toBe(true);
});

test.each([
  ['x = \n', 4],
  ['x = [1 2]\n', 7],
  ['x = "a\nb"\n', 6],
  ['x = "${a"\n', 8],
  ['x = <<EOT\nno end\n', 4],
  ['x = 1 y = 2\n', 6],
  ['x = 1\nx = 2\n', 6],
  ['target "a" {\n', 13],
  ['/* open', 0],
  ['}', 0],
  ['x = f(1', 7],
  ['x = { a 1 }', 8],
  ['x = "%{ if a }"', 5],
])('%j is wrong at %d', (text, at) => {
  let error: unknown;
  try {
    parseHcl(text);
  } catch (thrown) {
    error = thrown;
  }
  expect(error).toBeInstanceOf(HclError);
  expect((error as HclError).at).toBe(at);
});

describe('what is hostile', () => {
  test.each([
    ['brackets', `x = ${'['.repeat(100_000)}`],
    ['blocks', 'a {\n'.repeat(100_000)],
    ['negations', `x = ${'!'.repeat(100_000)}a`],
    ['templates', `x = ${'"${'.repeat(50_000)}`],
    ['heredocs that do not end', 'x = <<A\n'.repeat(50_000)],
  ])('%s are refused', (_, text) => expect(() => parseHcl(text)).toThrow(HclError));

  test.each([
    ['texts that double', `${'join("", [for i in range(10000) : '.repeat(2)}"0123456789"${'])'.repeat(2)}`],
    ['loops in loops', `${'[for i in range(9000) : '.repeat(5)}1${']'.repeat(5)}`],
    ['long texts, many times', '[for i in range(10000) : upper(join("", [for j in range(9000) : "0123456789"]))]'],
    ['texts in place of letters', `${'replace('.repeat(8)}"a"${', "a", "aaaaaaaaaaaaaaaa")'.repeat(8)}`],
    ['deep indents', `indent(1000, join("", [for i in range(10000) : "${'\\n'.repeat(10)}"]))`],
    ['lists of the same list', 'concat([for i in range(10000) : range(10000)]...)'],
    ['sorted again and again', '[for i in range(9000) : length(sort(range(9000)))]'],
    ['compared again and again', '[for i in range(9000) : range(9000) == range(9000)]'],
    [
      'hashed again and again',
      `[for i in range(9999) : sha512(join("", [for j in range(19) : "${'x'.repeat(50_000)}"]))]`,
    ],
    ['products', 'setproduct(range(1000), range(1000), range(1000))'],
  ])('%s end', (_, text) => {
    const started = cpuTime();
    expect(JSON.stringify(evaluate(text))).toMatch(/too (?:much|long)|more than/);
    expect(cpuTime() - started).toBeLessThan(5000);
  });

  test('a list of the list before it, twice, forty times, ends', () => {
    const doubled: Record<string, Value> = { ...names };
    const evaluator = new Evaluator();
    const { attributes } = parseHcl(
      `${Array.from({ length: 40 }, (_, i) => `l${i + 1} = [l${i}, l${i}]\n`).join('')}x = jsonencode(l40)\n`,
    );
    doubled.l0 = ['x'];
    for (const [name, { value }] of attributes) {
      doubled[name] = evaluator.evaluate(value, { ...scope, name: (each) => doubled[each] });
    }
    expect(doubled.x).toEqual(new Unknown('the file computes too much'));
  });

  test('any text is HCL, or is refused as none; what is, comes to a value', () => {
    const pieces = constantFrom(
      ...[
        'target "a" {\n',
        '}',
        'x = ',
        '[',
        ']',
        '{',
        '"',
        '${',
        '%{ if a }',
        '%{ endif }',
        '<<E\n',
        '\nE\n',
        '\n',
        ',',
        ':',
      ],
      ...[
        'for v in list : v',
        '...',
        'upper(',
        ')',
        '.k',
        '[*]',
        '?',
        '==',
        '-',
        '!',
        '1',
        'a',
        '"t"',
        '# c\n',
        '/*',
        '~',
        '\\',
        '\r\n',
      ],
    );
    let computed = 0;
    assert(
      property(array(pieces, { maxLength: 30 }), (parts) => {
        try {
          for (const { value } of parseHcl(`x = ${parts.join('')}`).attributes.values()) {
            plain(new Evaluator().evaluate(value, scope));
            computed++;
          }
        } catch (error) {
          if (!(error instanceof HclError)) throw error;
          expect(error.at).toBeLessThanOrEqual(parts.join('').length + 4);
        }
      }),
      { numRuns: 3000, seed: 7 },
    );
    expect(computed).toBeGreaterThan(10);
  });

  test('time is linear', () => {
    const started = cpuTime();
    const many = 'target "a" {\n  args = { A = "x ${a} y", B = upper(a) }\n}\n'.repeat(10_000);
    expect(parseHcl(many).blocks).toHaveLength(10_000);
    parseHcl(`x = [${'"a$b%c", '.repeat(50_000)}]\n`);
    expect(cpuTime() - started).toBeLessThan(5000);
  });
});
