import { type LintReport, summarize } from '../lint-report.ts';
import { counted } from '../units.ts';
import { oneLine, placedIn, plainPath } from './placed.ts';

/** GitHub takes 65,536 characters for a comment; what is beyond is counted. */
const MAX_ROWS = 200;

/** A table for a pull request's comment or a step summary. */
export function* renderMarkdown(report: LintReport): Iterable<string> {
  const { findings, error, warning, info, style } = summarize(report);
  const parts = [counted(error, 'error'), counted(warning, 'warning'), `${info} info`, `${style} style`];
  yield `### dlint: ${findings === 0 ? 'nothing found' : counted(findings, 'finding')} in ${counted(report.files.length, 'file')}\n\n`;
  if (findings > 0) yield `${parts.filter((part) => !part.startsWith('0')).join(', ')}\n\n`;
  let rows = 0;
  for (const file of report.files) {
    if (file.findings.length === 0 || rows >= MAX_ROWS) continue;
    yield `#### ${cell(plainPath(file.source.path))}\n\n| line | severity | rule | finding |\n|--:|---|---|---|\n`;
    for (const { finding, start } of placedIn(file)) {
      if (++rows > MAX_ROWS) break;
      const { severity, rule, message, help } = finding;
      yield `| ${start.line} | ${severity} | \`${rule}\` | ${cell(message)}${help ? `<br>→ ${cell(help)}` : ''} |\n`;
    }
    yield '\n';
  }
  if (findings > MAX_ROWS) yield `${counted(findings - MAX_ROWS, 'more finding')}\n\n`;
  for (const { path, message } of report.errors) yield `- **not linted**: ${cell(plainPath(path))}: ${cell(message)}\n`;
}

/** Nothing in a text may end a cell, begin markup, or mention anybody. */
export function cell(text: string): string {
  return oneLine(text)
    .replace(/[\\`*_{}[\]<>|~#!]/g, (character) =>
      character === '<' ? '&lt;' : character === '>' ? '&gt;' : `\\${character}`,
    )
    .replaceAll('@', '&#64;');
}
