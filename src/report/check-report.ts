import type { Category, Digest, Severity } from './finding.ts';
import { printable } from './inspect-name.ts';
import { jsonText } from './json-text.ts';
import { severityPaint } from './lint-text.ts';
import { labelled, painter, type Style, visible } from './style.ts';
import { byteSize, count, counted, percent } from './units.ts';

/** What `dlint check` says of an image. */
export interface CheckReport {
  readonly tool: { readonly name: string; readonly version: string };
  readonly image: { readonly reference: string; readonly imageId: Digest | null; readonly platform: string | null };
  readonly storedBytes: number;
  readonly liveBytes: number;
  readonly deadBytes: number;
  readonly layers: number;
  /** Where the thresholds are from: files, flags, or the defaults. */
  readonly policy: readonly string[];
  readonly findings: readonly ImageFinding[];
  /** Reasons of the rules that have a finding. */
  readonly rules: ReadonlyMap<string, { readonly why: string }>;
}

/** A finding about an image: in a layer, at a path, or about the image as a whole. */
export interface ImageFinding {
  readonly rule: string;
  readonly category: Category;
  readonly severity: Severity;
  readonly message: string;
  readonly help: string;
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
  };
}

/** For people: each finding with its layer and path, the reason once for each rule. */
export function* renderCheckText(report: CheckReport, style: Style): Generator<string> {
  const paint = painter(style.color);
  const { storedBytes, liveBytes, deadBytes, layers } = report;
  yield `${paint(printable(report.image.reference), 'bold')}  ${paint(`${byteSize(storedBytes)} in ${counted(layers, 'layer')}, ${byteSize(deadBytes)} dead, efficiency ${percent(liveBytes, storedBytes)}`, 'dim')}\n`;
  yield `${paint(`policy: ${report.policy.map(printable).join(', ')}`, 'dim')}\n`;
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

function placeOf({ layerIndex, instruction, path }: ImageFinding['location']): string {
  const at = path === null ? '' : `  /${printable(path)}`;
  return layerIndex === null ? at : `${at}  layer ${count(layerIndex)}: ${printable((instruction ?? '').slice(0, 80))}`;
}

/** `dlint-check/1`: one finding a line. */
export function* renderCheckJson(report: CheckReport): Generator<string> {
  const { tool, image, storedBytes, liveBytes, deadBytes, layers, policy, findings, rules } = report;
  yield `{"schema":"dlint-check/1",\n"tool":${jsonText(tool)},\n"image":${jsonText(image)},\n`;
  yield `${jsonText({ storedBytes, liveBytes, deadBytes, layers, policy }).slice(1, -1)},\n`;
  const lines = findings.map((finding) => `\n${jsonText({ ...finding, why: rules.get(finding.rule)?.why ?? null })}`);
  yield `"findings":[${lines.join(',')}]}\n`;
}
