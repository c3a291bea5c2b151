import { readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { rules } from '../rules/index.ts';
import { foreignCodes } from '../scripts/codes.ts';
import { compatibilityPage } from '../scripts/compatibility.ts';
import { presetLevel } from '../src/lint/rule-set.ts';
import { shared } from './support/shared.ts';

const bearers = (code: string) => rules.filter(({ aliases }) => aliases?.includes(code));

describe.each(foreignCodes)('$code', ({ tool, code, severity, absent }) => {
  test('is borne by a rule, or a reason is given why not', () => {
    expect(bearers(code).length > 0).toBe(absent === undefined);
  });

  test(`is as severe in the preset ${tool} as ${tool} has it`, () => {
    expect(bearers(code).map((rule) => [rule.id, presetLevel(rule, tool)])).toEqual(
      bearers(code).map(({ id }) => [id, severity]),
    );
  });

  test('is in the page', () => {
    const lines = compatibilityPage(rules).split('\n');
    const rows = lines.filter((line) => line.startsWith(`| ${code} |`));
    expect(rows).toHaveLength(Math.max(1, bearers(code).length));
    for (const { id } of bearers(code)) expect(rows.join('\n')).toContain(`(rules/${id}.md)`);
  });
});

describe('presets hold nothing else', () => {
  const others = (tool: 'hadolint' | 'buildkit') =>
    rules
      .filter(({ aliases }) => !foreignCodes.some((each) => each.tool === tool && aliases?.includes(each.code)))
      .map((rule) => [rule.id, presetLevel(rule, tool)] as const)
      .filter(([, level]) => level !== 'off');

  test('hadolint: but for what it takes for a shell form, cannot parse, or has ShellCheck tell of', () => {
    expect(others('hadolint')).toEqual([
      ['expose-format', 'warning'],
      ['invalid-exec-form', 'warning'],
      ['invalid-expose', 'error'],
      ['invalid-image', 'error'],
      ['invalid-mount', 'error'],
      ['shell-syntax-error', 'error'],
    ]);
  });

  test('buildkit: but for what it takes for a shell form, and what stops a build', () => {
    const found = others('buildkit').filter(([id]) => id !== 'invalid-exec-form');
    expect(found.filter(([, level]) => level !== 'error')).toEqual([]);
    expect(found.map(([id]) => id)).toContain('syntax-error');
  });
});

test('deviations stand in the page', () => {
  const page = compatibilityPage(rules);
  const codes = new Set(foreignCodes.map(({ code }) => code));
  for (const { id, deviations = [] } of rules) {
    for (const { code } of deviations.filter((each) => codes.has(each.code))) {
      const section = page.split(`### ${code}\n`)[1]?.split('\n### ')[0];
      expect(section, `${id} ${code}`).toContain(`(rules/${id}.md)`);
    }
  }
});

const known = shared('knowledge/lint-rules.md');

test.skipIf(known === undefined)('no code that is known is missing from the table', () => {
  const text = readFileSync(known as string, 'utf8');
  const own = new Set(foreignCodes.map(({ code }) => code));
  // Dropped by hadolint long ago.
  const dropped = ['DL3005', 'DL3017'];
  const codes = new Set(text.match(/\bDL\d{4}\b/g));
  expect([...codes].filter((code) => !own.has(code) && !dropped.includes(code))).toEqual([]);
  expect(foreignCodes.filter(({ tool }) => tool === 'hadolint')).toHaveLength(72);
  expect(foreignCodes.filter(({ tool }) => tool === 'buildkit')).toHaveLength(22);
});
