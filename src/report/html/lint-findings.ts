import { changedLines, linesUnder, markedLine } from '../code-frame.ts';
import type { Finding, Severity, Span } from '../finding.ts';
import { type LintedFile, type LintReport, severities } from '../lint-report.ts';
import { lineStarts, positionAt } from '../position.ts';
import { escapeText } from './markup.ts';

/** Columns of a line of source; what is longer is cut around the part that matters. */
const WIDTH = 180;

/** The files that have any of these findings, in the report's order. */
export function* renderFiles({ files }: LintReport, chosen: ReadonlySet<Finding>): Generator<string> {
  for (const file of files) {
    const findings = file.findings.filter((finding) => chosen.has(finding));
    if (findings.length === 0) continue;
    yield `<section class="file"><div class="section-head"><h2>${escapeText(file.source.path)}</h2>`;
    yield `<span>${countsOf(findings)}</span></div>\n`;
    const starts = lineStarts(file.source.text);
    for (const finding of findings) yield renderFinding(finding, file, starts);
    yield '</section>\n';
  }
}

function countsOf(findings: readonly Finding[]): string {
  const counts = severities.map((severity): readonly [Severity, number] => [
    severity,
    findings.filter((finding) => finding.severity === severity).length,
  ]);
  return counts
    .filter(([, times]) => times > 0)
    .map(([severity, times]) => `<span class="${severity}">${times} ${severity}</span>`)
    .join(' · ');
}

function renderFinding(finding: Finding, { source }: LintedFile, starts: readonly number[]): string {
  const { rule, aliases, severity, message, help, fix, location } = finding;
  const isPlaced = 'span' in location;
  // A finding about an image stands in no text.
  const place = !isPlaced ? location.path : source.text === '' ? '' : placeOf(location.span, starts);
  const facts = [...aliases, place]
    .filter((fact) => fact !== '')
    .map(escapeText)
    .join(' · ');
  const title = fix && `${fix.title}${fix.safe ? '' : ' (may change the image: --fix-unsafe)'}`;
  return [
    `<article class="finding" data-severity="${severity}" data-rule="${escapeText(rule)}">`,
    `<div class="head"><strong class="${severity}">${severity}</strong>`,
    `<a href="#rule-${escapeText(rule)}">${escapeText(rule)}</a><span class="muted">${facts}</span></div>`,
    `<p>${escapeText(message)}</p>`,
    isPlaced && source.text !== '' ? frameOf(source.text, starts, location.span) : '',
    help === undefined ? '' : `<p><span class="label">Help</span>${escapeText(help)}</p>`,
    fix && title !== undefined
      ? `<p class="added"><span class="label">Fix</span>${escapeText(title)}</p>${repairOf(source.text, starts, fix.edits)}`
      : '',
    '</article>\n',
  ].join('');
}

function placeOf(span: Span, starts: readonly number[]): string {
  const { line, column } = positionAt(starts, span.start);
  return `line ${line}, column ${column}`;
}

function frameOf(text: string, starts: readonly number[], span: Span): string {
  const lines = linesUnder(starts, span).map((line) => {
    if (line === undefined) return row('⋮', '');
    const { before, marked, after } = markedLine(text, starts, line, span, WIDTH);
    return row(String(line), `${escapeText(before)}<mark>${escapeText(marked)}</mark>${escapeText(after)}`);
  });
  return `<pre>${lines.join('')}</pre>`;
}

function repairOf(text: string, starts: readonly number[], edits: Parameters<typeof changedLines>[2]): string {
  const lines = changedLines(text, starts, edits, WIDTH);
  if (lines.length === 0) return '';
  return `<pre>${lines.map(({ line, sign, text: shown }) => row(`${line} ${sign}`, escapeText(shown), sign === '+' ? 'added' : 'removed')).join('')}</pre>`;
}

/** Line ends stand between rows for who copies them. */
function row(gutter: string, content: string, kind = ''): string {
  return `<span${kind === '' ? '' : ` class="${kind}"`}><i>${gutter}</i>${content}\n</span>`;
}
