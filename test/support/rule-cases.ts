import { existsSync, readdirSync, readFileSync } from 'node:fs';
import type { Example } from '../../src/lint/rule.ts';

const folder = new URL('../rules/', import.meta.url);

/**
 * test/rules/<id>.txt: Dockerfiles with the places marked that the rule reports, divided by lines of `---`. They hold
 * what examples would bury: every word that the rule knows, and what only looks like one. Behind a line of `===` stands
 * what the fixes make of a Dockerfile. A first line `@ {…}` has fields of an example as JSON: `context`, `options`,
 * `says`.
 */
export function ruleCases(id: string): readonly Example[] {
  const file = new URL(`${id}.txt`, folder);
  if (!existsSync(file)) return [];
  const texts = readFileSync(file, 'utf8').split(/^---\n/m);
  return texts.map((text) => {
    const [, fields = '{}', body = ''] = /^(?:@ ([^\n]*)\n)?(.*)$/s.exec(text) ?? [];
    return { ...(JSON.parse(fields) as Partial<Example>), ...textsOf(body), exact: true };
  });
}

function textsOf(body: string): Pick<Example, 'bad' | 'good' | 'fixed'> {
  const [bad = '', good] = body.split(/^===\n/m);
  if (good !== undefined) return { bad, good, fixed: true };
  return bad.includes('«') ? { bad, fixed: false } : { good: bad };
}

/** The rules that have such a file. */
export function rulesWithCases(): readonly string[] {
  return readdirSync(folder).map((name) => name.replace(/\.txt$/, ''));
}
