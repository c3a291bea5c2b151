import type { Severity } from '../finding.ts';
import type { LintReport } from '../lint-report.ts';
import { placedIn, plainPath, sentence, xml } from './placed.ts';

const SEVERITIES: Readonly<Record<Severity, string>> = {
  error: 'error',
  warning: 'warning',
  info: 'info',
  style: 'info',
};

/** Checkstyle's XML, which Jenkins, Bitbucket and many others read. */
export function* renderCheckstyle(report: LintReport): Iterable<string> {
  yield '<?xml version="1.0" encoding="UTF-8"?>\n<checkstyle version="4.3">\n';
  for (const file of report.files) {
    if (file.findings.length === 0) continue;
    yield `  <file name="${xml(plainPath(file.source.path))}">\n`;
    for (const { finding, start } of placedIn(file)) {
      const { severity, rule } = finding;
      const place = `line="${start.line}" column="${start.column}" severity="${SEVERITIES[severity]}"`;
      yield `    <error ${place} message="${xml(sentence(finding))}" source="dlint.${xml(rule)}"/>\n`;
    }
    yield '  </file>\n';
  }
  for (const { path, message } of report.errors) {
    yield `  <file name="${xml(plainPath(path))}">\n    <error line="1" severity="error" message="${xml(message)}" source="dlint"/>\n  </file>\n`;
  }
  yield '</checkstyle>\n';
}
