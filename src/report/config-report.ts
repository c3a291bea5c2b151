import { painter, type Style, visible } from './style.ts';
import { renderTable } from './table.ts';

/** What holds for a Dockerfile, and where it was said: `dlint config`. */
export interface ConfigReport {
  readonly tool: { readonly name: string; readonly version: string };
  /** The Dockerfile. */
  readonly path: string;
  /** The configuration that holds for it; null when there is none. */
  readonly config: {
    readonly path: string;
    readonly kind: 'dlint' | 'hadolint';
    readonly files: readonly string[];
  } | null;
  /** `FILE:LINE` of the pattern that keeps the Dockerfile from being linted. */
  readonly ignoredBy: string | null;
  readonly settings: readonly SettingLine[];
  /** What `dlint check` asks of images. */
  readonly image: readonly SettingLine[];
  /** Which licences `dlint sbom` takes. */
  readonly licenses: readonly SettingLine[];
  /** Every rule, by id, and every code of ShellCheck that is spoken of. */
  readonly rules: readonly RuleLevel[];
  /** What hadolint's configuration says and nothing here answers to. */
  readonly unmapped: readonly string[];
}

export interface SettingLine {
  readonly key: string;
  readonly value: unknown;
  /** `FILE:LINE`, `default`, the name of a variable. */
  readonly from: string;
}

export interface RuleLevel {
  readonly id: string;
  readonly level: string;
  /** `FILE:LINE`, or `preset NAME`. */
  readonly from: string;
  readonly options: Readonly<Record<string, unknown>> | null;
}

/** `dlint-config/1` (docs/json.md) */
export function* renderConfigJson({ tool, rules, ...report }: ConfigReport): Generator<string> {
  const head = JSON.stringify({ schema: 'dlint-config/1', tool, ...report }, undefined, 1);
  yield `${head.slice(0, -2)},\n "rules": [`;
  let separator = '\n  ';
  for (const rule of rules) {
    yield separator + JSON.stringify(rule);
    separator = ',\n  ';
  }
  yield '\n ]\n}\n';
}

/** For people to read. */
export function* renderConfigText(report: ConfigReport, style: Style): Generator<string> {
  const { config, ignoredBy, rules, unmapped } = report;
  const paint = painter(style.color);
  yield `${paint(visible(report.path), 'bold')}\n`;
  yield `${config ? `read from ${config.files.map(visible).join(', ') || visible(config.path)}` : 'no configuration: defaults'}\n`;
  if (ignoredBy !== null) yield `${paint('not linted', 'yellow')}: ${visible(ignoredBy)} ignores it\n`;
  yield '\n';
  yield* renderLines(report.settings, style);
  if (report.image.length > 0) yield `\n${paint('image', 'bold')}\n`;
  yield* renderLines(report.image, style);
  if (report.licenses.length > 0) yield `\n${paint('licenses', 'bold')}\n`;
  yield* renderLines(report.licenses, style);
  const said = rules.filter(({ from }) => !from.startsWith('preset '));
  if (said.length > 0) yield `\n${paint('rules', 'bold')}\n`;
  yield* renderTable(
    said.map(({ id, level, from, options }) => [
      id,
      level,
      paint(visible(from), 'dim'),
      options ? visible(JSON.stringify(options)) : '',
    ]),
    style.width,
  );
  const own = rules.filter(({ id }) => !/^SC\d/.test(id));
  yield `\n${own.filter(({ level }) => level !== 'off').length} of ${own.length} rules are on`;
  yield said.length > 0 ? `; ${said.length} as the configuration says, the others as the preset has them\n` : '\n';
  if (unmapped.length > 0) yield `no counterpart: ${unmapped.map(visible).join(', ')}\n`;
}

function renderLines(lines: readonly SettingLine[], { color, width }: Style): Iterable<string> {
  const paint = painter(color);
  const rows = lines.map(({ key, value, from }) => [key, show(value), paint(visible(from), 'dim')]);
  return renderTable(rows, width);
}

function show(value: unknown): string {
  return visible(typeof value === 'string' ? value : JSON.stringify(value));
}
