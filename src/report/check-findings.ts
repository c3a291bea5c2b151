import type { CheckReport, ImageFinding } from './check-report.ts';
import type { Finding, Source } from './finding.ts';
import { printable } from './inspect-name.ts';
import { oneLine } from './lint-formats/placed.ts';
import type { LintedFile, LintReport } from './lint-report.ts';
import { cut, visible } from './style.ts';

const NOWHERE = { start: 0, end: 0 } as const;

/**
 * The findings as the linter's, for its formats: in the Dockerfile where its line is known, else in the image itself,
 * on a first line that it does not have: most of these formats have no findings without one.
 */
export function asLintReport(report: CheckReport): LintReport {
  const { tool, findings, dockerfile, input } = report;
  const archive: Source = { path: input, text: '' };
  const sources = dockerfile ? [dockerfile.source, archive] : [archive];
  const files = sources.map((source): LintedFile => {
    const own = findings.filter(({ location }) => (location.source !== null) === (source !== archive));
    return { source, fixed: 0, findings: own.map((finding) => asLintFinding(finding, source)) };
  });
  const told = files.filter(({ findings: own }) => own.length > 0);
  return {
    tool,
    // What has nothing to tell of is named once: formats of test results show that it was looked at.
    files: told.length > 0 ? told : files.slice(-1),
    errors: [],
    rules: report.rules,
    repaired: false,
    category: 'check',
  };
}

function asLintFinding(finding: ImageFinding, source: Source): Finding {
  const { rule, category, severity, help, fingerprint, location } = finding;
  const span = location.source?.span ?? NOWHERE;
  // A range in the Dockerfile is shown by its first line, which names the instruction.
  const lineEnd = source.text.indexOf('\n', span.start);
  const end = lineEnd < 0 ? span.end : Math.min(span.end, lineEnd);
  return {
    rule,
    aliases: [],
    category,
    severity,
    message: placedMessage(finding),
    help,
    fingerprint,
    location: { source, span: { start: span.start, end } },
  };
}

/** `/root/.ssh/id_rsa in layer 3 (COPY . .): the file holds a private key`. */
export function placedMessage({ message, location }: ImageFinding): string {
  const { path, layerIndex, instruction } = location;
  const said = instruction ? ` (${cut(printable(instruction), 80)})` : '';
  const layer = layerIndex === null ? '' : `layer ${layerIndex}${said}`;
  const file = path === null ? '' : `/${printable(path)}`;
  const place = [file, layer].filter((part) => part !== '').join(' in ');
  const text = visible(oneLine(message));
  return place === '' ? text : `${place}: ${text}`;
}
