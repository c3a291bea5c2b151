import type { Category, Digest, Severity, Source, Span } from './finding.ts';
import { printable } from './inspect-name.ts';
import { jsonText } from './json-text.ts';
import { severityPaint } from './lint-text.ts';
import { cut, labelled, painter, type Style, visible } from './style.ts';
import { byteSize, count, counted, percent } from './units.ts';

/** What `dlint check` says of an image. */
export interface CheckReport {
  readonly tool: { readonly name: string; readonly version: string };
  readonly image: { readonly reference: string; readonly imageId: Digest | null; readonly platform: string | null };
  /** As the image was asked for: a file, or a name. */
  readonly input: string;
  readonly storedBytes: number;
  readonly liveBytes: number;
  readonly deadBytes: number;
  readonly layers: number;
  /** Where the thresholds are from: files, flags, or the defaults. */
  readonly policy: readonly string[];
  /** What is odd about the image, e.g. that it is one of several. */
  readonly warnings: readonly string[];
  readonly findings: readonly ImageFinding[];
  /** What the rules say of themselves. */
  readonly rules: ReadonlyMap<string, ImageRuleFacts>;
  /** The Dockerfile it was built from, where one was given. */
  readonly dockerfile?: {
    readonly source: Source;
    /** Why lines may be wrong, or missing. */
    readonly warnings: readonly string[];
  };
}

export interface ImageRuleFacts {
  readonly summary: string;
  readonly why: string;
  /** Its page; null where none is stated. */
  readonly url: string | null;
  /** Keyword of the instruction that says what the rule looks at; null where none does. */
  readonly instruction: string | null;
}

/**
 * Where a finding comes from. `exact` and `likely`: the instruction that made the layer, or says what the finding is
 * about; `base`: it came with the image that FROM names; `image`: it is of the whole, and the line that of its stage.
 */
export interface FindingSource {
  readonly path: string;
  /** 1-based. */
  readonly line: number;
  readonly endLine: number;
  readonly confidence: 'exact' | 'likely' | 'base' | 'image';
  readonly span: Span;
}

/** A finding about an image: in a layer, at a path, or about the image as a whole. */
export interface ImageFinding {
  readonly rule: string;
  readonly category: Category;
  readonly severity: Severity;
  readonly message: string;
  readonly help: string;
  /** The variable, label or port it is about; null where it is about none. */
  readonly subject: string | null;
  /** Hex, 16 characters: the same for the same finding of another build. */
  readonly fingerprint: string;
  readonly location: {
    /** DiffId, else digest, of the layer; null where the finding is of the image, or nothing is stated. */
    readonly layer: Digest | null;
    /** 1-based. */
    readonly layerIndex: number | null;
    /** As a line of a Dockerfile. */
    readonly instruction: string | null;
    readonly path: string | null;
    /** Null where no Dockerfile was given, or it does not tell. */
    readonly source: FindingSource | null;
  };
}

/** For people: each finding with its layer and path, the reason once for each rule. */
export function* renderCheckText(report: CheckReport, style: Style): Generator<string> {
  const paint = painter(style.color);
  const { storedBytes, liveBytes, deadBytes, layers } = report;
  yield `${paint(printable(report.image.reference), 'bold')}  ${paint(`${byteSize(storedBytes)} in ${counted(layers, 'layer')}, ${byteSize(deadBytes)} dead, efficiency ${percent(liveBytes, storedBytes)}`, 'dim')}\n`;
  yield `${paint(`policy: ${report.policy.map(printable).join(', ')}`, 'dim')}\n`;
  const ofDockerfile = report.dockerfile?.warnings.map((text) => `${report.dockerfile?.source.path}: ${text}`) ?? [];
  for (const warning of [...report.warnings, ...ofDockerfile]) {
    yield labelled('odd     ', paint('odd     ', 'yellow'), visible(warning), style);
  }
  const explained = new Set<string>();
  for (const { rule, severity, message, help, location } of report.findings) {
    yield `\n${paint(severity, severityPaint[severity], 'bold')}  ${paint(rule, 'bold')}${placeOf(location)}\n`;
    yield labelled(' ', ' ', visible(message), style);
    if (explained.has(rule)) continue;
    explained.add(rule);
    for (const [label, text] of [
      ['why', report.rules.get(rule)?.why ?? ''],
      ['help', help],
    ] as const) {
      const column = `  ${label.padEnd(5)}`;
      if (text !== '') yield labelled(column, paint(column, 'cyan'), visible(text), style);
    }
  }
  const total = report.findings.length;
  yield `\n${total === 0 ? paint('passed', 'green', 'bold') : paint(counted(total, 'finding'), 'bold')}\n`;
}

function placeOf({ layerIndex, instruction, path, source }: ImageFinding['location']): string {
  const line = source ? `  ${printable(source.path)}:${source.line}${isSure(source) ? '' : '?'}` : '';
  const at = `${line}${path === null ? '' : `  /${printable(path)}`}`;
  if (layerIndex === null) return at;
  const said = cut(printable(instruction ?? ''), 80);
  return `${at}  layer ${count(layerIndex)}${said === '' ? '' : `: ${said}`}`;
}

/** The line of a base image, or of the stage, is where to look, whatever made it. */
function isSure({ confidence }: FindingSource): boolean {
  return confidence !== 'likely';
}

/** `dlint-check/1`: one finding a line. */
export function* renderCheckJson(report: CheckReport): Generator<string> {
  const { tool, image, storedBytes, liveBytes, deadBytes, layers, policy, warnings, findings, rules } = report;
  const { dockerfile } = report;
  yield `{"schema":"dlint-check/1",\n"tool":${jsonText(tool)},\n"image":${jsonText(image)},\n`;
  yield `${jsonText({ storedBytes, liveBytes, deadBytes, layers, policy, warnings }).slice(1, -1)},\n`;
  yield `"dockerfile":${dockerfile ? jsonText({ path: dockerfile.source.path, warnings: dockerfile.warnings }) : 'null'},\n`;
  const lines = findings.map(({ location, ...finding }) => {
    const { source } = location;
    const place = { ...location, source: source && withoutSpan(source) };
    return `\n${jsonText({ ...finding, location: place, why: rules.get(finding.rule)?.why ?? null })}`;
  });
  yield `"findings":[${lines.join(',')}]}\n`;
}

function withoutSpan({ path, line, endLine, confidence }: FindingSource): Omit<FindingSource, 'span'> {
  return { path, line, endLine, confidence };
}
