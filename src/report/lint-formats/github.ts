import type { Severity } from '../finding.ts';
import { type LintReport, severities, summarize } from '../lint-report.ts';
import { counted } from '../units.ts';
import { harmless, placedFindings, sentence } from './placed.ts';

const COMMANDS: Readonly<Record<Severity, string>> = {
  error: 'error',
  warning: 'warning',
  info: 'notice',
  style: 'notice',
};
/** GitHub shows ten of each kind for a step, and drops the rest without a word. */
const SHOWN = 10;

/** GitHub Actions' workflow commands: annotations at the lines of a pull request, the worst first. */
export function* renderGithub(report: LintReport): Iterable<string> {
  const all = [...placedFindings(report)];
  const left = new Map<string, number>();
  for (const severity of severities) {
    for (const { finding, path, start, end } of all) {
      if (finding.severity !== severity) continue;
      const command = COMMANDS[severity];
      const shown = left.get(command) ?? 0;
      left.set(command, shown + 1);
      if (shown >= SHOWN) continue;
      const lines = `line=${start.line},endLine=${Math.max(start.line, end.line)}`;
      // Columns are only for ranges in one line.
      const columns =
        start.line === end.line ? `,col=${start.column},endColumn=${Math.max(end.column, start.column)}` : '';
      yield `::${command} file=${property(path)},${lines}${columns},title=${property(finding.rule)}::${data(sentence(finding))}\n`;
    }
  }
  const hidden = [...left.values()].reduce((sum, count) => sum + Math.max(0, count - SHOWN), 0);
  for (const { path, message } of report.errors) yield `::error file=${property(path)}::${data(message)}\n`;
  if (hidden > 0)
    yield `${counted(hidden, 'more finding')} of ${summarize(report).findings}: GitHub shows ${SHOWN} of each kind\n`;
}

/** actions/toolkit, command.ts: what separates must not stand in a value. */
function data(text: string): string {
  return harmless(text).replaceAll('%', '%25').replaceAll('\r', '%0D').replaceAll('\n', '%0A');
}

function property(text: string): string {
  return data(text).replaceAll(':', '%3A').replaceAll(',', '%2C');
}
