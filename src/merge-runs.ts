import { fingerprint } from './lint/fingerprint.ts';
import type { LintResult } from './lint/lint.ts';
import type { RuleSet } from './lint/rule-set.ts';
import type { Finding } from './report/finding.ts';

/**
 * The results of one file that was linted for several builds. What holds for one of them is reported, once; what a rule
 * says of the ignore comments, where it holds for all.
 */
export function mergeRuns(results: readonly LintResult[], { active }: RuleSet): LintResult {
  const [first, ...others] = results as readonly [LintResult, ...LintResult[]];
  if (others.length === 0) return first;
  const reviewing = new Set(active.filter(({ rule }) => rule.review).map(({ rule }) => rule.id));
  const found = new Map<string, { finding: Finding; count: number }>();
  for (const { findings } of results) {
    for (const finding of findings) {
      const key = keyOf(finding);
      found.set(key, { finding, count: (found.get(key)?.count ?? 0) + 1 });
    }
  }
  const kept = [...found.values()].filter(
    ({ finding: { rule }, count }) => !reviewing.has(rule) || count === results.length,
  );
  return {
    ...first,
    findings: distinctFingerprints(kept.map(({ finding }) => finding).sort(byPosition)),
    failures: results.flatMap(({ failures }) => failures),
    failsOnAny: results.some(({ failsOnAny }) => failsOnAny),
  };
}

function keyOf({ rule, message, location }: Finding): string {
  const place = 'span' in location ? [location.source.path, location.span.start, location.span.end] : [];
  return [rule, ...place, message].join('\0');
}

export function byPosition(a: Finding, b: Finding): number {
  const [one, other] = [a.location, b.location];
  if (!('span' in one && 'span' in other)) return 0;
  return one.span.start - other.span.start || one.span.end - other.span.end || (a.rule < b.rule ? -1 : 1);
}

/** Runs count what repeats on their own; together, two findings may have come to the same name. */
export function distinctFingerprints(findings: readonly Finding[]): readonly Finding[] {
  const seen = new Set<string>();
  return findings.map((finding) => {
    let own = finding.fingerprint;
    for (let repeat = 1; seen.has(own); repeat++) own = fingerprint(finding.rule, '', finding.fingerprint, repeat);
    seen.add(own);
    return own === finding.fingerprint ? finding : { ...finding, fingerprint: own };
  });
}
