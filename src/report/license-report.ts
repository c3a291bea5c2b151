import { createHash } from 'node:crypto';
import type { Finding, Severity, Source } from './finding.ts';
import { oneLine } from './lint-formats/placed.ts';
import type { LintReport } from './lint-report.ts';
import { severityPaint } from './lint-text.ts';
import { painter, type Style, visible } from './style.ts';

/** Packages whose licences a policy does not take. */
export interface LicenseReport {
  readonly tool: { readonly name: string; readonly version: string };
  /** As the image or the folder was asked for. */
  readonly input: string;
  readonly policy: { readonly allow: readonly string[] | null; readonly deny: readonly string[] };
  readonly findings: readonly PackageFinding[];
  /** Packages that were looked at. */
  readonly packages: number;
  /** The Dockerfile it was built from, where one was given. */
  readonly dockerfile?: Source;
}

export interface PackageFinding {
  readonly rule: 'license-denied' | 'license-unknown';
  readonly severity: Severity;
  readonly purl: string;
  readonly name: string;
  readonly version: string;
  /** The expression, else what the package says; null when it says nothing. */
  readonly license: string | null;
  readonly location: {
    /** Where it was found first, without a leading `/`. */
    readonly path: string;
    /** Whether the path is one of this machine's. */
    readonly isHere: boolean;
    /** DiffId; null where there are no layers, or none is stated. */
    readonly layer: string | null;
    /** 1-based. */
    readonly layerIndex: number | null;
    /** 1-based line of the Dockerfile; null where none was given, or it does not tell. */
    readonly line: number | null;
  };
}

const RULES: LintReport['rules'] = new Map([
  ['license-denied', { summary: 'A licence that is not allowed', why: '', url: null }],
  ['license-unknown', { summary: 'A package whose licence is not known', why: '', url: null }],
]);

const HELP = {
  'license-denied': 'use another package, or allow the licence',
  'license-unknown': 'find out what the package may be used for',
} as const;

/** A line for each finding. */
export function* renderLicenseText({ findings }: LicenseReport, { color }: Style): Generator<string> {
  const paint = painter(color);
  for (const finding of findings) {
    const { rule, severity, purl, location } = finding;
    const place = location.layerIndex === null ? `/${location.path}` : `layer ${location.layerIndex}`;
    yield `${paint(severity, severityPaint[severity], 'bold')}  ${paint(rule, 'bold')}  ${visible(purl)}: ${licenseOf(finding)} (${visible(place)})\n`;
  }
}

/** `dlint-licenses/1` (docs/json.md, docs/schemas/licenses.json): a finding a line. */
export function* renderLicenseJson({ tool, input, policy, packages, findings }: LicenseReport): Generator<string> {
  const head = JSON.stringify({ schema: 'dlint-licenses/1', tool, input, policy, packages }, undefined, 1);
  yield `${head.slice(0, -2)},\n "findings": [`;
  let separator = '\n  ';
  for (const finding of findings) {
    const { isHere: _, ...location } = finding.location;
    yield separator + JSON.stringify({ ...finding, fingerprint: fingerprintOf(finding), location });
    separator = ',\n  ';
  }
  yield findings.length > 0 ? '\n ]\n}\n' : ']\n}\n';
}

/**
 * The findings as the linter's, for its formats: in the Dockerfile where the line is known, in the lock file of a
 * project, else in the image itself, on a first line that it does not have.
 */
export function licensesAsLintReport({ tool, input, findings, dockerfile }: LicenseReport): LintReport {
  const bySource = new Map<string, { source: Source; findings: Finding[] }>();
  for (const one of findings) {
    const { path, isHere, line } = one.location;
    const source = line !== null && dockerfile ? dockerfile : { path: isHere ? path : input, text: '' };
    const file = bySource.get(source.path) ?? { source, findings: [] };
    bySource.set(source.path, file);
    file.findings.push(asFinding(one, source));
  }
  const told = [...bySource.values()].map((file) => ({ ...file, fixed: 0 }));
  return {
    tool,
    files: told.length > 0 ? told : [{ source: { path: input, text: '' }, findings: [], fixed: 0 }],
    errors: [],
    rules: RULES,
    repaired: false,
    category: 'licenses',
  };
}

function asFinding(finding: PackageFinding, source: Source): Finding {
  const { rule, severity, purl, location } = finding;
  const { path, isHere, layerIndex } = location;
  const place = isHere ? '' : ` (/${visible(oneLine(path))}${layerIndex === null ? '' : ` in layer ${layerIndex}`})`;
  return {
    rule,
    aliases: [],
    category: 'correctness',
    severity,
    message: `${visible(purl)}: ${licenseOf(finding)}${place}`,
    help: HELP[rule],
    fingerprint: fingerprintOf(finding),
    location: { source, span: lineSpan(source.text, location.line ?? 1) },
  };
}

function licenseOf({ license }: PackageFinding): string {
  return visible(license ?? 'no licence is stated')
    .replace(/\s+/g, ' ')
    .slice(0, 200);
}

/** The same for another build with the same package. */
function fingerprintOf({ rule, purl, license }: PackageFinding): string {
  return createHash('sha256')
    .update(`${rule}\0${purl}\0${license ?? ''}`)
    .digest('hex')
    .slice(0, 16);
}

function lineSpan(text: string, line: number): { start: number; end: number } {
  let start = 0;
  for (let at = 1; at < line; at++) {
    const next = text.indexOf('\n', start);
    if (next < 0) break;
    start = next + 1;
  }
  const end = text.indexOf('\n', start);
  return { start, end: end < 0 ? text.length : end };
}
