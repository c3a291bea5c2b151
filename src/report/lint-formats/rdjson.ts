import type { Severity } from '../finding.ts';
import type { LintReport } from '../lint-report.ts';
import { type Placed, placedFindings, sentence } from './placed.ts';

const SEVERITIES: Readonly<Record<Severity, string>> = {
  error: 'ERROR',
  warning: 'WARNING',
  info: 'INFO',
  style: 'INFO',
};
const SOURCE = { name: 'dlint' };

/** reviewdog's Diagnostic Format, as one document; repairs are suggestions. */
export function* renderRdjson(report: LintReport): Iterable<string> {
  yield `{"source":${JSON.stringify(SOURCE)},"diagnostics":[`;
  let before = '\n';
  for (const one of placedFindings(report)) {
    yield `${before}${JSON.stringify(diagnostic(one, report))}`;
    before = ',\n';
  }
  yield ']}\n';
}

/** The same, one diagnostic a line. */
export function* renderRdjsonl(report: LintReport): Iterable<string> {
  for (const one of placedFindings(report)) yield `${JSON.stringify({ ...diagnostic(one, report), source: SOURCE })}\n`;
}

function diagnostic({ finding, path, start, end, place }: Placed, { rules }: LintReport) {
  const url = rules.get(finding.rule)?.url;
  // A suggestion replaces one range; where a repair has several, together they would be half a repair each.
  const [edit, ...others] = finding.fix?.edits ?? [];
  const suggestions =
    edit && others.length === 0
      ? { suggestions: [{ range: { start: place(edit.span.start), end: place(edit.span.end) }, text: edit.text }] }
      : {};
  return {
    message: sentence(finding),
    location: { path, range: { start, end } },
    severity: SEVERITIES[finding.severity],
    code: { value: finding.rule, ...(url ? { url } : {}) },
    ...suggestions,
  };
}
