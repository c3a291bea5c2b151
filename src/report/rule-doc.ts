import { underline } from './code-frame.ts';
import type { Span } from './finding.ts';
import { severityPaint } from './lint-text.ts';
import { lineStarts } from './position.ts';
import { type Painter, painter, type Style, visible, wrap } from './style.ts';
import { renderTable } from './table.ts';

/** What a rule says about itself. */
export interface RuleDoc {
  readonly id: string;
  readonly aliases: readonly string[];
  readonly category: string;
  readonly severity: 'error' | 'warning' | 'info' | 'style' | 'off';
  readonly summary: string;
  readonly why: string;
  /** Its page, where package.json says where pages are. */
  readonly url: string | null;
  readonly fixable: boolean;
  /** What its repairs need: `--fix`, or `--fix-unsafe`. */
  readonly repair: 'safe' | 'unsafe' | 'none';
  /** Severity in the presets other than recommended. */
  readonly presets: Readonly<Record<'strict' | 'hadolint' | 'buildkit', RuleDoc['severity']>>;
  /** Where it means to judge otherwise than the tool whose code it bears. */
  readonly deviations: readonly { readonly code: string; readonly what: string; readonly why: string }[];
  readonly options: readonly { readonly name: string; readonly description: string; readonly default: unknown }[];
  /** `«…»` marks what a finding underlines. */
  readonly examples: readonly RuleExample[];
}

export interface RuleExample {
  readonly bad?: string;
  readonly good?: string;
  readonly note?: string;
}

/** `dlint-rules/1` (docs/json.md), of `rules` and of `explain`. */
export function* renderRulesJson(rules: readonly RuleDoc[]): Generator<string> {
  yield '{"schema":"dlint-rules/1",\n"rules":[';
  let separator = '\n';
  for (const rule of rules) {
    yield separator + JSON.stringify(rule);
    separator = ',\n';
  }
  yield ']}\n';
}

export function* renderRulesTable(rules: readonly RuleDoc[], style: Style): Generator<string> {
  const paint = painter(style.color);
  const rows = rules.map(({ id, severity, fixable, category, aliases, summary }) => [
    paint(id, 'bold'),
    paintSeverity(severity, paint),
    category,
    fixable ? paint('fix', 'green') : '',
    aliases.length === 0 ? summary : `${summary} ${paint(`(${aliases.join(', ')})`, 'dim')}`,
  ]);
  const head = ['rule', 'severity', 'category', '', 'finds'].map((title) => paint(title, 'dim'));
  yield* renderTable([head, ...rows], style.width);
  const off = rules.filter(({ severity }) => severity === 'off').length;
  yield `\n${rules.length} rules${off > 0 ? `, ${off} of them off until they are asked for (--select)` : ''}. `;
  yield `Read about one: ${paint('dlint explain RULE', 'cyan')}\n`;
}

function paintSeverity(severity: RuleDoc['severity'], paint: Painter): string {
  return severity === 'off' ? paint('off', 'dim') : paint(severity, severityPaint[severity]);
}

/** One page for each rule, as a person reads it. */
export function* renderRuleText(rules: readonly RuleDoc[], style: Style): Generator<string> {
  for (const [i, rule] of rules.entries()) {
    if (i > 0) yield '\n';
    yield* renderPage(rule, style);
  }
}

function* renderPage(rule: RuleDoc, style: Style): Generator<string> {
  const paint = painter(style.color);
  const repair = rule.fixable
    ? ` · ${paint(`dlint lint ${rule.repair === 'unsafe' ? '--fix-unsafe' : '--fix'} repairs it`, 'green')}`
    : '';
  yield `${paint(rule.id, 'bold')}${rule.aliases.length > 0 ? ` (${rule.aliases.join(', ')})` : ''}\n`;
  yield `${paintSeverity(rule.severity, paint)} · ${rule.category}${repair}\n\n`;
  yield `${indent(`${upperFirst(rule.summary)}.`, style)}\n\n${indent(rule.why.replace(/\s+/g, ' ').trim(), style)}\n`;
  for (const example of pickExamples(rule.examples)) yield* renderExample(example, style, paint);
  if (rule.options.length > 0) yield `\n${paint('Options', 'bold')}\n`;
  for (const option of rule.options) {
    yield `  ${paint(option.name, 'cyan')}  ${paint(`default ${JSON.stringify(option.default)}`, 'dim')}\n`;
    yield `${indent(option.description, style, 4)}\n`;
  }
  if (rule.deviations.length > 0) yield `\n${paint('Where it differs', 'bold')}\n`;
  for (const { code, what, why } of rule.deviations) yield `${indent(`${code}: ${what} (${why})`, style)}\n`;
  yield `\n${paint('Presets', 'bold')}\n${indent(presetLine(rule), style)}\n`;
  yield `\n${paint('Silence it once', 'bold')}\n  # dlint-ignore ${rule.id}: the reason\n`;
  yield `\n${paint('Switch it off, in .dlint.yaml', 'bold')}\n  rules: { ${rule.id}: off }\n`;
  if (rule.url !== null) yield `\n${paint('Page', 'bold')}\n  ${rule.url}\n`;
}

/** `recommended warning, strict warning, hadolint warning, buildkit off`. */
export function presetLine({ severity, presets }: RuleDoc): string {
  return Object.entries({ recommended: severity, ...presets })
    .map(([preset, level]) => `${preset} ${level}`)
    .join(', ');
}

/** Two that are wrong and two that are right say enough; the others are there for the tests. */
export function pickExamples(examples: readonly RuleExample[]): readonly RuleExample[] {
  const bad = examples.filter((example) => example.bad !== undefined).slice(0, 2);
  const good = examples.filter((example) => example.bad === undefined).slice(0, 2);
  return [...bad, ...good];
}

function* renderExample({ bad, good, note }: RuleExample, style: Style, paint: Painter): Generator<string> {
  if (bad !== undefined) {
    yield `\n${paint('Bad', 'red', 'bold')}${note === undefined ? '' : `  ${note}`}\n`;
    yield* renderMarked(bad, style);
  }
  if (good !== undefined) {
    const title = bad === undefined ? 'Right as it is' : 'Good';
    yield `\n${paint(title, 'green', 'bold')}${bad === undefined && note !== undefined ? `  ${note}` : ''}\n`;
    for (const line of good.replace(/\n$/, '').split('\n')) yield `    ${visible(line)}\n`;
  }
}

/** The example without its marks, and the marked parts underlined. */
export function* renderMarked(marked: string, style: Style): Generator<string> {
  const { text, spans } = readMarks(marked);
  const starts = lineStarts(text);
  const paint = painter(style.color);
  for (const [i, start] of starts.entries()) {
    const end = starts[i + 1] ?? text.length;
    if (start === end) continue;
    const marks = spans
      .filter((span) => span.start < end && (span.end > start || span.start === start))
      .map((span) => underline(text, starts, i + 1, span, Number.POSITIVE_INFINITY).mark);
    yield `    ${visible(text.slice(start, end).replace(/\r?\n$/, ''))}\n`;
    if (marks.length > 0) yield `    ${paint(overlay(marks), 'red', 'bold')}\n`;
  }
}

function overlay(marks: readonly string[]): string {
  const width = Math.max(...marks.map((mark) => mark.length));
  return Array.from({ length: width }, (_, i) => (marks.some((mark) => mark[i] === '^') ? '^' : ' ')).join('');
}

/** The text of an example without its «», and the spans that they mark. */
export function readMarks(marked: string): { text: string; spans: readonly Span[] } {
  const spans: Span[] = [];
  let text = '';
  let start = 0;
  for (const part of marked.split(/([«»])/)) {
    if (part === '«') start = text.length;
    else if (part === '»') spans.push({ start, end: text.length });
    else text += part;
  }
  return { text, spans };
}

function upperFirst(text: string): string {
  return text.charAt(0).toUpperCase() + text.slice(1);
}

function indent(text: string, style: Style, by = 2): string {
  const space = ' '.repeat(by);
  return wrap(visible(text), Math.min(style.width, 100) - by)
    .map((line) => space + line)
    .join('\n');
}
