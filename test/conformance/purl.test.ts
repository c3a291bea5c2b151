import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { buildPurl, type PurlParts, parsePurl } from '../../src/sbom/purl.ts';
import { shared } from '../support/shared.ts';

interface Case {
  description: string;
  test_type: 'parse' | 'build' | 'validate';
  input: string | PurlParts;
  expected_output: string | PurlParts | null;
  expected_failure: boolean;
}

const folder = shared('sbom/purl-tests');

/** "validate" normalises a text, and so accepts what a strict reader refuses. */
function run(given: Case): unknown {
  if (given.test_type === 'build') return buildPurl(given.input as PurlParts);
  const purl = parsePurl(given.input as string, { lenient: given.test_type === 'validate' });
  return given.test_type === 'parse' ? purl : buildPurl(purl);
}

function files(): string[] {
  if (!folder) return [];
  return readdirSync(folder, { recursive: true, encoding: 'utf8' })
    .filter((name) => name.endsWith('.json'))
    .sort();
}

describe.skipIf(!folder)('package URLs: the cases of purl-spec', () => {
  const cases = files().map((name) => ({
    name,
    tests: (JSON.parse(readFileSync(join(folder as string, name), 'utf8')) as { tests: Case[] }).tests,
  }));

  test('all 586 are here', () => {
    expect(cases.reduce((sum, { tests }) => sum + tests.length, 0)).toBe(586);
  });

  for (const { name, tests } of cases) {
    test.each(tests.map((given, index) => [index, given] as const))(`${name} %i`, (_, given) => {
      if (given.expected_failure) expect(() => run(given), given.description).toThrow();
      else expect(run(given), given.description).toEqual(given.expected_output);
    });
  }
});
