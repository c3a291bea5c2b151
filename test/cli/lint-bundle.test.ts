import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { rules } from '../../rules/index.ts';
// @ts-expect-error: a build script, without types.
import { withoutDocumentation } from '../../scripts/lint-only.js';
import { bin, dlint } from '../support/cli.ts';

const bundle = (name: string): string => readFileSync(join(bin, '../../dist', name), 'latin1');
/** Nothing but letters, so that no way of quoting and escaping matters. */
const letters = (text: string): string => text.replace(/\\(?:x[0-9a-f]{2}|u[0-9a-f]{4}|[a-z])|[^a-z]+/gi, '');

describe('the bundle that lints', () => {
  const lint = bundle('lint.cjs');
  const book = bundle('rule-book.cjs');

  test('has every rule, and no example and no deviation of any', () => {
    expect(rules.filter(({ id }) => !lint.includes(`"${id}"`)).map(({ id }) => id)).toEqual([]);
    // «…» marks what a finding underlines; nothing that lints reads it.
    expect(lint.match(/\\xab/gi)).toBeNull();
    expect(book.match(/\\xab/gi)?.length).toBeGreaterThan(rules.length);
    const all = letters(lint);
    const whole = letters(book);
    for (const { id, examples, deviations = [] } of rules) {
      const notes = [...examples.flatMap(({ note = [] }) => note), ...deviations.map(({ why }) => why)];
      for (const note of notes.map(letters).filter((each) => each.length > 20)) {
        expect(all.includes(note), `${id}: ${note}`).toBe(false);
        expect(whole.includes(note), `${id}: ${note}`).toBe(true);
      }
    }
  });

  test('explain and rules tell of examples all the same', () => {
    const { stdout, status } = dlint(['explain', 'pip-cache', '-f', 'json']);
    const example = rules.find(({ id }) => id === 'pip-cache')?.examples[0];
    expect(status).toBe(0);
    expect(JSON.parse(stdout).rules[0].examples[0]).toEqual(example);
    const listed = JSON.parse(dlint(['rules', '-f', 'json']).stdout).rules as { id: string; examples: unknown[] }[];
    expect(listed.map(({ id }) => id).sort()).toEqual(rules.map(({ id }) => id).sort());
    expect(listed.filter(({ examples }) => examples.length === 0)).toEqual([]);
  });
});

describe('leaving out the documentation', () => {
  const rule = (fields: string): string => `export default defineRule({\n  id: 'a',\n${fields}  check() {},\n});\n`;

  test('of lists on one line and on several', () => {
    const lean = rule('  examples: [],\n');
    expect(withoutDocumentation(rule("  examples: [{ good: 'a[0]' }],\n"), 'a.ts')).toBe(lean);
    const long = "  examples: [\n    {\n      good: 'x',\n    },\n    { bad: `]\n],\n` },\n  ],\n";
    expect(withoutDocumentation(rule(long), 'a.ts')).toBe(lean);
    expect(withoutDocumentation(rule(`${long}  deviations: [{ code: 'X' }],\n`), 'a.ts')).toBe(lean);
  });

  test('fails where there is not just one list in that form', () => {
    const one = "  examples: [{ good: 'a' }],\n";
    for (const fields of ['', '  examples: cases,\n', `${one}${one}`, `${one}  deviations,\n`, `  ${one}`]) {
      expect(() => withoutDocumentation(rule(fields), 'rules/a.ts')).toThrow(/^rules\/a\.ts: one list/);
    }
  });
});
