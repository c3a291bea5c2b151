import type { LintReport } from '../lint-report.ts';
import { placedFindings } from './placed.ts';

/** A JSON object for each finding, one a line: the fields of `-f json` and the path. */
export function* renderJsonLines(report: LintReport): Iterable<string> {
  for (const { finding, path, start, end, place } of placedFindings(report)) {
    const { rule, aliases, category, severity, message, help, fingerprint, fix } = finding;
    const edits = fix?.edits.map(({ span, text }) => ({
      range: { start: place(span.start), end: place(span.end) },
      text,
    }));
    const url = report.rules.get(rule)?.url ?? null;
    const described = { path, rule, aliases, category, severity, message, help: help ?? null, url, fingerprint };
    const repair = fix ? { title: fix.title, safe: fix.safe, edits } : null;
    yield `${JSON.stringify({ ...described, range: { start, end }, fix: repair })}\n`;
  }
}
