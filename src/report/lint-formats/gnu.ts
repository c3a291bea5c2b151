import type { LintReport } from '../lint-report.ts';
import { visible } from '../style.ts';
import { oneLine, placedFindings } from './placed.ts';

/** GNU Coding Standards, "Formatting Error Messages": what compilers print and editors jump by. */
export function* renderGnu(report: LintReport): Iterable<string> {
  for (const { finding, path, start } of placedFindings(report)) {
    const { severity, rule, message } = finding;
    const kind = severity === 'style' ? 'note' : severity;
    yield `${visible(oneLine(path))}:${start.line}:${start.column}: ${kind}: ${visible(oneLine(message))} [${rule}]\n`;
  }
}
