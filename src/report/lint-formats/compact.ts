import type { LintReport } from '../lint-report.ts';
import { visible } from '../style.ts';
import { oneLine, placedFindings } from './placed.ts';

/** One line for each finding: `path:line:column: severity rule message`. */
export function* renderCompact(report: LintReport): Iterable<string> {
  for (const { finding, path, start } of placedFindings(report)) {
    const { severity, rule, aliases, message } = finding;
    const names = aliases.length > 0 ? `${rule} (${aliases.join(', ')})` : rule;
    yield `${visible(oneLine(path))}:${start.line}:${start.column}: ${severity} ${names}: ${visible(oneLine(message))}\n`;
  }
}
