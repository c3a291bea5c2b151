import { jsonText } from './json-text.ts';
import { severityPaint } from './lint-text.ts';
import { painter, type Style, visible, wrap } from './style.ts';
import { renderTable } from './table.ts';

/** What a rule of `dlint check` says of itself. */
export interface ImageRuleDoc {
  readonly id: string;
  readonly aliases: readonly string[];
  readonly category: string;
  readonly severity: 'error' | 'warning' | 'info' | 'style';
  readonly summary: string;
  readonly why: string;
  readonly help: string;
  /** Its page; null where none is stated. */
  readonly url: string | null;
  /** `always`, or by whom it is asked for: settings, or dive's configuration. */
  readonly asked: 'always' | 'settings' | 'dive-ci';
  readonly settings: readonly {
    /** Of `image:` in a configuration. */
    readonly key: string;
    /** As typed, with its value; null where there is none. */
    readonly flag: string | null;
    readonly description: string;
  }[];
}

/** `dlint-image-rules/1` (docs/json.md). */
export function* renderImageRulesJson(rules: readonly ImageRuleDoc[]): Generator<string> {
  yield `{"schema":"dlint-image-rules/1",\n"rules":[${rules.map((rule) => `\n${jsonText(rule)}`).join(',')}]}\n`;
}

export function* renderImageRulesTable(rules: readonly ImageRuleDoc[], style: Style): Generator<string> {
  const paint = painter(style.color);
  const rows = rules.map((rule) => [
    paint(rule.id, 'bold'),
    paint(rule.severity, severityPaint[rule.severity]),
    rule.category,
    rule.asked === 'settings' ? rule.settings.map(({ key }) => key).join(', ') : askedWord[rule.asked],
    rule.summary,
  ]);
  const head = ['rule', 'severity', 'category', 'asked for by', 'finds'].map((title) => paint(title, 'dim'));
  yield* renderTable([head, ...rows], style.width);
  yield `\n${rules.length} rules of dlint check. Read about one: ${paint('dlint explain RULE', 'cyan')}\n`;
}

const askedWord = { always: 'always', 'dive-ci': '.dive-ci' } as const;

/** When the rule is held, as a sentence. */
export function askedSentence({ asked }: ImageRuleDoc): string {
  if (asked === 'always') return 'Looked for in every image.';
  return asked === 'dive-ci'
    ? 'Asked for by a .dive-ci in the working directory, or by --ci-config FILE.'
    : 'Asked for by `image:` of .dlint.yaml, or by flags of dlint check.';
}

/** For people to read. */
export function* renderImageRuleText(rules: readonly ImageRuleDoc[], style: Style): Generator<string> {
  const paint = painter(style.color);
  for (const rule of rules) {
    const { id, aliases, category, severity, summary, why, help, settings } = rule;
    yield `${paint(id, 'bold')}${aliases.length > 0 ? ` (${aliases.join(', ')})` : ''}\n`;
    yield `${paint(severity, severityPaint[severity])} · ${category} · of images: dlint check\n\n`;
    yield `${indent(`${summary.charAt(0).toUpperCase()}${summary.slice(1)}.`, style)}\n\n${indent(why, style)}\n`;
    yield `\n${paint('What to do', 'bold')}\n${indent(help, style)}\n`;
    yield `\n${paint('When', 'bold')}\n${indent(askedSentence(rule).replaceAll('`', ''), style)}\n`;
    for (const { key, flag, description } of settings) {
      yield `  ${paint(key, 'cyan')}${flag === null ? '' : `  ${paint(flag, 'cyan')}`}\n${indent(description.replaceAll('`', ''), style, 4)}\n`;
    }
  }
}

function indent(text: string, style: Style, by = 2): string {
  const space = ' '.repeat(by);
  return wrap(visible(text), Math.min(style.width, 100) - by)
    .map((line) => space + line)
    .join('\n');
}
