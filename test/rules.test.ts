import { readdirSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { repairs, rules } from '../rules/index.ts';
import { exampleTests } from '../src/lint/testing.ts';
import { describeRule } from '../src/rule-docs.ts';
import { ruleCases, rulesWithCases } from './support/rule-cases.ts';

const files = readdirSync(new URL('../rules/', import.meta.url))
  .filter((name) => name.endsWith('.ts') && name !== 'index.ts')
  .map((name) => name.slice(0, -3));

describe('rule files', () => {
  it('are all in the index (npm run generate)', () => {
    expect(rules.map(({ id }) => id)).toEqual(files.sort());
  });

  it('repair as the index says (npm run generate)', () => {
    for (const rule of rules)
      expect([rule.id, describeRule(rule).repair]).toEqual([rule.id, repairs[rule.id] ?? 'none']);
  });

  it('are there for all cases', () => {
    for (const id of rulesWithCases()) expect(files).toContain(id);
  });

  it('have ids and aliases that do not clash', () => {
    const ids = new Set(rules.map(({ id }) => id.toLowerCase()));
    expect(ids.size).toBe(rules.length);
    for (const { aliases = [] } of rules) for (const alias of aliases) expect(ids).not.toContain(alias.toLowerCase());
  });
});

describe.each(rules.map((rule) => [rule.id, rule] as const))('%s', (_, rule) => {
  it('is described', () => {
    expect(rule.id).toMatch(/^[a-z][a-z0-9]*(-[a-z0-9]+)*$/);
    expect(rule.summary).toMatch(/^\S.*[^.\s]$/);
    expect(rule.why.length).toBeGreaterThan(60);
    expect(rule.why).toMatch(/[.!?]$/);
    // DL3042, DS-0017, JSONArgsRecommended, tally/…
    for (const alias of rule.aliases ?? [])
      expect(alias).toMatch(/^([A-Z]{2,}[A-Z0-9_]*[-_]?\d+|[A-Z][A-Za-z]+|[a-z]+\/[a-z/-]+)$/);
    for (const { code } of rule.deviations ?? []) expect(rule.aliases).toContain(code);
  });

  it('has enough examples', () => {
    expect(rule.examples.filter(({ bad }) => bad !== undefined).length).toBeGreaterThanOrEqual(1);
    expect(rule.examples.filter(({ good }) => good !== undefined).length).toBeGreaterThanOrEqual(2);
  });

  const others = rule.review ? rules : [];
  for (const { name, run } of exampleTests(rule, others)) it(name, run);
  for (const { name, run } of exampleTests({ ...rule, examples: ruleCases(rule.id) }, others)) it(`case: ${name}`, run);
});
