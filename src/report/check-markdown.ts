import { placedMessage } from './check-findings.ts';
import type { CheckReport } from './check-report.ts';
import { cell } from './lint-formats/markdown.ts';
import { byteSize, counted, percent } from './units.ts';

/** GitHub takes 65,536 characters for a comment; what is beyond is counted. */
const MAX_ROWS = 200;

/** A table for a pull request's comment or a step summary. */
export function* renderCheckMarkdown(report: CheckReport): Generator<string> {
  const { image, findings, storedBytes, liveBytes, deadBytes, layers, policy, dockerfile } = report;
  const result = findings.length === 0 ? 'passed' : counted(findings.length, 'finding');
  yield `### dlint check ${cell(image.reference)}: ${result}\n\n`;
  yield `${byteSize(storedBytes)} in ${counted(layers, 'layer')}, ${byteSize(deadBytes)} dead, efficiency ${percent(liveBytes, storedBytes)}`;
  yield ` · policy: ${cell(policy.join(', '))}\n\n`;
  for (const warning of [...report.warnings, ...(dockerfile?.warnings ?? [])]) yield `> ${cell(warning)}\n\n`;
  if (findings.length === 0) return;
  const lineHead = dockerfile ? '| line ' : '';
  yield `${lineHead}| severity | rule | finding |\n${dockerfile ? '|--:' : ''}|---|---|---|\n`;
  const explained = new Set<string>();
  for (const finding of findings.slice(0, MAX_ROWS)) {
    const { severity, rule, help, location } = finding;
    const line = dockerfile ? `| ${location.source?.line ?? ''} ` : '';
    const advice = explained.has(rule) ? '' : `<br>→ ${cell(help)}`;
    explained.add(rule);
    yield `${line}| ${severity} | \`${rule}\` | ${cell(placedMessage(finding))}${advice} |\n`;
  }
  if (findings.length > MAX_ROWS) yield `\n${counted(findings.length - MAX_ROWS, 'more finding')}\n`;
}
