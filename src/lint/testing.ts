/**
 * Runs the examples of rules as tests: published as `dlint/testing`.
 *
 *     import { testRule } from 'dlint/testing';
 *     testRule(rule);   // inside vitest, jest, mocha or node:test with its globals
 */
import { Bench } from './example-bench.ts';
import { identity, rewrites } from './example-rewrites.ts';
import type { Example, Rule } from './rule.ts';

export interface ExampleTest {
  /** What it is about, e.g. `bad 1: under CRLF`. */
  readonly name: string;
  /** Throws an Error that says what differs. */
  readonly run: () => void;
}

/** The part of a test runner that `testRule` needs. */
export interface Runner {
  describe(name: string, body: () => void): void;
  it(name: string, body: () => void): void;
}

/** Hands every example of a rule to the test runner. `others` are rules that shall be known besides, for rules about ignores. */
export function testRule(
  rule: Rule,
  runner: Runner = globalThis as unknown as Runner,
  others: readonly Rule[] = [],
): void {
  runner.describe(rule.id, () => {
    for (const { name, run } of exampleTests(rule, others)) runner.it(name, run);
  });
}

/** Every example as it is, and then under rewrites that must not matter. */
export function exampleTests(rule: Rule, others: readonly Rule[] = []): readonly ExampleTest[] {
  let fixes: boolean | undefined;
  const isFixing = (): boolean => {
    fixes ??= rule.examples.some((example) => new Bench(rule, example, others).hasFix());
    return fixes;
  };
  return rule.examples.flatMap((example, index) => {
    const bench = new Bench(rule, example, others);
    const label = `${example.bad === undefined ? 'good' : 'bad'} ${index + 1}`;
    const run = (): void => {
      bench.check(identity);
      bench.checkWords();
      if (isRepair(example) && !bench.hasFix() && (example.fixed || isFixing())) {
        throw new Error('this rule has fixes, but none here: if good is a repair by hand, say fixed: false');
      }
    };
    const own: ExampleTest = { name: label, run };
    if (example.exact) return [own];
    const rewritten = rewrites.map((rewrite): ExampleTest => {
      return { name: `${label}: ${rewrite.name}`, run: () => bench.check(rewrite) };
    });
    const ignored: ExampleTest = { name: `${label}: with an ignore comment`, run: () => bench.checkIgnored() };
    return example.bad === undefined ? [own, ...rewritten] : [own, ...rewritten, ignored];
  });
}

/** Whether `good` is what the fix of `bad` gives, for a rule that has fixes. */
function isRepair({ bad, good, fixed }: Example): boolean {
  return bad !== undefined && good !== undefined && fixed !== false;
}
