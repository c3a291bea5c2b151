import type { Finding, Span } from './finding.ts';
import { type LintedFile, type LintReport, summarize } from './lint-report.ts';
import { lineStarts, positionAt } from './position.ts';

/** `dlint-lint/1` (docs/json.md, docs/schemas/lint.json): one finding a line, files as they come. */
export function* renderLintJson(report: LintReport): Generator<string> {
  yield `{"schema":"dlint-lint/1",\n"tool":${JSON.stringify(report.tool)},\n`;
  yield `"summary":${JSON.stringify({ ...summarize(report), errors: report.errors.length })},\n`;
  yield `"errors":[${report.errors.map((error) => `\n${JSON.stringify(error)}`).join(',')}],\n"files":[`;
  let separator = '\n';
  for (const file of report.files) {
    yield separator;
    yield* renderFile(file, report);
    separator = ',\n';
  }
  yield ']}\n';
}

function* renderFile(file: LintedFile, report: LintReport): Generator<string> {
  const starts = lineStarts(file.source.text);
  yield `{"path":${JSON.stringify(file.source.path)},"findings":[`;
  let separator = '\n';
  for (const finding of file.findings) {
    yield `${separator}${JSON.stringify(describe(finding, starts, report))}`;
    separator = ',\n';
  }
  yield ']}';
}

function describe(finding: Finding, starts: readonly number[], report: LintReport) {
  const { rule, aliases, category, severity, message, help, fingerprint, location, fix } = finding;
  return {
    rule,
    aliases,
    category,
    severity,
    message,
    help: help ?? null,
    url: report.rules.get(rule)?.url ?? null,
    fingerprint,
    range: range('span' in location ? location.span : { start: 0, end: 0 }, starts),
    fix: fix
      ? {
          title: fix.title,
          safe: fix.safe,
          edits: fix.edits.map(({ span, text }) => ({ range: range(span, starts), text })),
        }
      : null,
  };
}

function range(span: Span, starts: readonly number[]) {
  return { start: positionAt(starts, span.start), end: positionAt(starts, span.end) };
}
