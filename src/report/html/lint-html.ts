import { type LintReport, severities, summarize } from '../lint-report.ts';
import { count, counted } from '../units.ts';
import { chooseFindings } from './chosen-findings.ts';
import { script, scriptHash, style, styleHash } from './lint-client-code.ts';
import { renderFiles } from './lint-findings.ts';
import { renderRules } from './lint-rules.ts';
import { escapeText } from './markup.ts';
import { renderPage } from './page.ts';

/**
 * One HTML file that needs nothing else: every finding with its lines, the repair, and the reasons of the rules. All of
 * it is plain HTML; the script only filters, and opens reasons where the finding is.
 */
export function* renderLintHtml(report: LintReport): Generator<string> {
  const { findings, files } = summarize(report);
  const title = findings === 0 ? 'Nothing found' : counted(findings, 'finding');
  const heading = `${title} in ${counted(files, 'file')}`;
  yield* renderPage(`${heading} · dlint`, renderBody(report, heading), { script, scriptHash, style, styleHash });
}

function* renderBody(report: LintReport, heading: string): Generator<string> {
  const { chosen, omitted } = chooseFindings(report);
  yield `<header><div><h1>${heading}</h1>\n<p>${escapeText(`${report.tool.name} ${report.tool.version}`)}</p></div>\n`;
  yield '<button type="button" id="theme" hidden></button></header>\n<main>\n';
  yield renderSums(report);
  yield* renderErrors(report);
  if (omitted > 0) {
    yield `<ul class="warnings"><li>${counted(omitted, 'more finding')}, less serious than these, ${omitted === 1 ? 'is' : 'are'} not in this page.</li></ul>\n`;
  }
  if (chosen.size > 0) yield renderFilter(report);
  yield* renderFiles(report, chosen);
  yield* renderRules(report);
  yield '</main>\n<footer>Rules, their reasons and examples: <code>dlint explain RULE</code>.</footer>\n';
}

function renderSums(report: LintReport): string {
  const summary = summarize(report);
  const { error, warning, info, style: styles, fixable, unsafelyFixable, files } = summary;
  const clean = report.files.filter(({ findings }) => findings.length === 0).length;
  const tiles: readonly (readonly [string, number, string?, string?])[] = [
    ['Errors', error, error > 0 ? 'error' : ''],
    ['Warnings', warning, warning > 0 ? 'warning' : ''],
    ['Info', info],
    ['Style', styles],
    ['Can be repaired', fixable, '', unsafelyFixable > 0 ? `${count(unsafelyFixable)} more with --fix-unsafe` : ''],
    ['Files', files, '', `${count(clean)} without findings`],
    ...(summary.known > 0 ? [['In the baseline', summary.known] as const] : []),
    ...(summary.unchanged > 0 ? [['On unchanged lines', summary.unchanged] as const] : []),
    ...(summary.fixed > 0 ? [['Repaired', summary.fixed] as const] : []),
  ];
  const cells = tiles.map(([label, value, kind = '', remark = '']) => {
    const more = remark === '' ? '' : `<small>${remark}</small>`;
    return `<div><dt>${label}</dt><dd${kind === '' ? '' : ` class="${kind}"`}>${count(value)}${more}</dd></div>`;
  });
  return `<section aria-label="Sums"><dl class="tiles">\n${cells.join('\n')}\n</dl></section>\n`;
}

function* renderErrors({ errors }: LintReport): Generator<string> {
  if (errors.length === 0) return;
  yield '<section id="errors"><div class="section-head"><h2>Not linted</h2></div><ul class="warnings">\n';
  for (const { path, message } of errors) {
    yield `<li><code>${escapeText(path)}</code>: ${escapeText(message)}</li>\n`;
  }
  yield '</ul></section>\n';
}

/** Hidden until the script runs. */
function renderFilter(report: LintReport): string {
  const summary = summarize(report);
  const buttons = severities
    .filter((severity) => summary[severity] > 0)
    .map((severity) => `<button type="button" data-severity="${severity}" aria-pressed="true">${severity}</button>`);
  const times = new Map<string, number>();
  for (const { rule } of report.files.flatMap(({ findings }) => findings)) times.set(rule, (times.get(rule) ?? 0) + 1);
  const options = [...times]
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([rule, many]) => `<option value="${escapeText(rule)}">${escapeText(rule)} (${count(many)})</option>`);
  return [
    '<section id="filter" aria-label="Which findings" hidden>',
    '<input id="words" type="search" placeholder="Words in path, source or message" aria-label="Findings with these words" autocomplete="off" spellcheck="false">',
    `<span class="group" role="group" aria-label="Severities">${buttons.join('')}</span>`,
    `<select id="rule" aria-label="Rule"><option value="">All rules</option>${options.join('')}</select>`,
    '<span class="muted" id="sum" role="status"></span></section>\n',
    '<p class="card empty" id="nothing" hidden>No such findings.</p>\n',
  ].join('\n');
}
