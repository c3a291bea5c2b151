import { codeFrame, type FrameOptions, fixPreview } from './code-frame.ts';
import type { Finding, Severity } from './finding.ts';
import { type LintedFile, type LintReport, type LintSummary, severities, summarize } from './lint-report.ts';
import { lineStarts, positionAt } from './position.ts';
import { displayWidth, labelled, type Paint, painter, type Style, visible } from './style.ts';

export const severityPaint: Readonly<Record<Severity, Paint>> = {
  error: 'red',
  warning: 'yellow',
  info: 'blue',
  style: 'magenta',
};

const plurals: Readonly<Record<Severity, string>> = {
  error: 'errors',
  warning: 'warnings',
  info: 'info',
  style: 'style',
};

/** For people: every finding with its place, the source underlined, the reason once for each rule, and the repair. */
export function* renderLintText(report: LintReport, style: Style): Generator<string> {
  const explained = new Set<string>();
  for (const file of report.files) yield* renderFile(file, report, style, explained);
  yield* renderSummary(report, style);
}

/** The findings alone, for `--quiet`. */
export function* renderLintFindings(report: LintReport, style: Style): Generator<string> {
  const explained = new Set<string>();
  for (const file of report.files) yield* renderFile(file, report, style, explained);
}

function* renderFile(file: LintedFile, report: LintReport, style: Style, explained: Set<string>): Generator<string> {
  const starts = lineStarts(file.source.text);
  for (const finding of file.findings) {
    const why = explained.has(finding.rule) ? undefined : report.rules.get(finding.rule)?.why || undefined;
    explained.add(finding.rule);
    yield* renderFinding(finding, file, starts, why, style);
  }
}

function* renderFinding(
  finding: Finding,
  { source }: LintedFile,
  starts: readonly number[],
  why: string | undefined,
  style: Style,
): Generator<string> {
  if (!('span' in finding.location)) return;
  const { span } = finding.location;
  const paint = painter(style.color);
  const { line, column } = positionAt(starts, span.start);
  const place = `${visible(source.path)}:${line}:${column}`;
  const codes = finding.aliases.length === 0 ? '' : ` (${finding.aliases.join(', ')})`;
  const isWide = codes !== '' && displayWidth(`${place}  ${finding.severity}  ${finding.rule}${codes}`) > style.width;
  yield `${paint(place, 'cyan')}  ${paint(finding.severity, severityPaint[finding.severity], 'bold')}  ${paint(finding.rule, 'bold')}${isWide ? '\n ' : ''}${paint(codes, 'dim')}\n`;
  yield labelled(' ', ' ', visible(finding.message), style);
  const frame: FrameOptions = { style, paint: severityPaint[finding.severity], gutter: String(starts.length).length };
  yield* codeFrame(source.text, starts, span, frame);
  if (why !== undefined) yield remark('why', 'cyan', firstSentences(why), style);
  if (finding.help !== undefined) yield remark('help', 'cyan', finding.help, style);
  if (finding.fix) {
    const note = finding.fix.safe ? '' : ' (may change the image: --fix-unsafe)';
    yield remark('fix', 'green', finding.fix.title + note, style);
    yield* fixPreview(source.text, starts, finding.fix.edits, frame);
  }
  yield '\n';
}

function remark(label: string, paint: Paint, text: string, style: Style): string {
  const column = `  ${label.padEnd(5)}`;
  return labelled(column, painter(style.color)(column, paint), visible(text), style);
}

/** The beginning of a reason: whole sentences, two or three lines. `dlint explain` has the rest. */
function firstSentences(why: string): string {
  const sentences = why.replace(/\s+/g, ' ').match(/.+?[.!?](?= [A-Z]|$)|.+$/g) ?? [why];
  let text = '';
  for (const sentence of sentences) {
    if (text !== '' && displayWidth(text + sentence) > 240) break;
    text += sentence;
  }
  return text.trim();
}

function* renderSummary(report: LintReport, style: Style): Generator<string> {
  const paint = painter(style.color);
  const summary = summarize(report);
  const files = plural(summary.files, 'file');
  if (summary.fixed > 0) yield `${paint(`Repaired ${plural(summary.fixed, 'finding')}.`, 'green', 'bold')}\n`;
  if (summary.findings === 0) {
    if (summary.files > 0) yield `${paint(`${files}, nothing to report`, 'green')}${aside(report, summary)}\n`;
    return;
  }
  const counts = severities
    .filter((severity) => summary[severity] > 0)
    .map((severity) => paint(plural(summary[severity], severity, plurals[severity]), severityPaint[severity]));
  yield `${paint(`${plural(summary.findings, 'finding')} in ${files}`, 'bold')}: ${counts.join(', ')}${aside(report, summary)}\n`;
  yield* renderNext(report, summary, paint);
}

/** What the report does not tell of. */
function aside({ errors }: LintReport, { known, unchanged }: LintSummary): string {
  return [
    known > 0 ? `; ${known} of the baseline left out` : '',
    unchanged > 0 ? `; ${unchanged} on unchanged lines left out` : '',
    errors.length > 0 ? `; ${plural(errors.length, 'path')} could not be linted` : '',
  ].join('');
}

/** What to type next. */
function* renderNext(report: LintReport, summary: LintSummary, paint: ReturnType<typeof painter>): Generator<string> {
  const step = (text: string, command: string) => `  ${text.padEnd(18)}  ${paint(command, 'cyan')}\n`;
  if (summary.fixable > 0) yield step(`repair ${summary.fixable} of them`, 'dlint lint --fix  (--diff: show only)');
  else if (summary.unsafelyFixable > 0)
    yield step(`repair ${summary.unsafelyFixable} of them`, 'dlint lint --fix-unsafe --diff');
  const all = report.files.flatMap(({ findings }) => findings);
  const worst = severities.flatMap((severity) => all.find((finding) => finding.severity === severity) ?? [])[0];
  const page = worst && report.rules.get(worst.rule)?.url;
  if (worst) yield step('read about a rule', page ?? `dlint explain ${worst.rule}`);
}

function plural(count: number, one: string, many = `${one}s`): string {
  return `${count} ${count === 1 ? one : many}`;
}
