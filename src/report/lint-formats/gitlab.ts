import type { Severity } from '../finding.ts';
import type { LintReport } from '../lint-report.ts';
import { placedFindings, sentence } from './placed.ts';

const SEVERITIES: Readonly<Record<Severity, string>> = {
  error: 'critical',
  warning: 'major',
  info: 'minor',
  style: 'info',
};

/** GitLab's Code Quality report. Of equal fingerprints it shows one, so that each must differ. */
export function* renderGitlab(report: LintReport): Iterable<string> {
  const seen = new Map<string, number>();
  let before = '[\n';
  for (const { finding, path, start, end } of placedFindings(report)) {
    const times = seen.get(finding.fingerprint) ?? 0;
    seen.set(finding.fingerprint, times + 1);
    yield `${before}${JSON.stringify({
      description: sentence(finding),
      check_name: finding.rule,
      fingerprint: times === 0 ? finding.fingerprint : `${finding.fingerprint}-${times}`,
      severity: SEVERITIES[finding.severity],
      location: { path, lines: { begin: start.line, end: Math.max(start.line, end.line) } },
    })}`;
    before = ',\n';
  }
  yield before === '[\n' ? '[]\n' : '\n]\n';
}
