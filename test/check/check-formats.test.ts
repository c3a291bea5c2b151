import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { Ajv } from 'ajv';
import addFormats from 'ajv-formats';
import { describe, expect, test } from 'vitest';
import { imageRules } from '../../src/check/image-rules.ts';
import { findingFormats } from '../../src/flags/common.ts';
import { asLintReport } from '../../src/report/check-findings.ts';
import { renderCheckMarkdown } from '../../src/report/check-markdown.ts';
import type { CheckReport, ImageFinding } from '../../src/report/check-report.ts';
import { lintFormats as renderers } from '../../src/report/lint-formats/lint-formats.ts';
import { temporaryFile } from '../support/images.ts';
import { hasPrograms } from '../support/registry.ts';
import { shared } from '../support/shared.ts';

/** What may stand in names of files: everything that some format separates by. */
const odd = 'a "b" <c> & \'d\' %41 %0A,:;]|`*@x é 😀 \u202e \ud800 \u2028 ]]> </script> ##vso[x]\n\x1b[31m';
const text = 'FROM debian\nRUN make \\\n  all\nUSER root\n';

function finding(index: number, location: Partial<ImageFinding['location']>): ImageFinding {
  const [rule, { category, severity, help }] = Object.entries(imageRules)[index % 18] as [
    string,
    (typeof imageRules)['image-size'],
  ];
  const nowhere = { layer: null, layerIndex: null, instruction: null, path: null, source: null };
  const message = `${odd} is wrong`;
  const fingerprint = index.toString(16).padStart(16, '0');
  return {
    rule,
    category,
    severity,
    message,
    help,
    subject: null,
    fingerprint,
    location: { ...nowhere, ...location },
  };
}

function reportOf(input: string, findings: readonly ImageFinding[], isTraced: boolean): CheckReport {
  return {
    tool: { name: 'dlint', version: '1.2.3' },
    image: { reference: `${input} (app:1)`, imageId: null, platform: null },
    input,
    storedBytes: 10,
    liveBytes: 9,
    deadBytes: 1,
    layers: 2,
    policy: ['flags'],
    warnings: [],
    findings,
    rules: new Map(
      Object.entries(imageRules).map(([id, { summary, why }]) => [id, { summary, why, url: null, instruction: null }]),
    ),
    ...(isTraced && { dockerfile: { source: { path: './docker/Dockerfile', text }, warnings: [odd] } }),
  };
}

const inLayer = { layerIndex: 2, instruction: `RUN ${odd}`, path: `dir/${odd}` };
const source = {
  path: './docker/Dockerfile',
  line: 2,
  endLine: 3,
  confidence: 'exact',
  span: { start: 12, end: 28 },
} as const;
const reports: [string, CheckReport][] = [
  ['none', reportOf('./app.tar', [], false)],
  ['of the whole', reportOf('registry.example:5000/app:1.2', [finding(0, {}), finding(1, {})], false)],
  [
    'in layers',
    reportOf(odd.replace('\x1b', ''), [finding(2, inLayer), finding(2, inLayer), finding(6, { path: odd })], false),
  ],
  ['in a Dockerfile', reportOf('C:\\app.tar', [finding(0, { source }), finding(6, { ...inLayer, source })], true)],
  ['in both', reportOf('docker://app', [finding(0, {}), finding(6, { ...inLayer, source })], true)],
  [
    'all rules, many times',
    reportOf(
      'app.tar',
      Array.from({ length: 2000 }, (_, i) => finding(i, i % 2 ? inLayer : {})),
      false,
    ),
  ],
];

function print(format: string, report: CheckReport): string {
  const style = { color: false, width: 100 };
  if (format === 'markdown') return [...renderCheckMarkdown(report)].join('');
  return [...(renderers[format]?.(asLintReport(report), style) ?? [])].join('');
}

function validator(name: string) {
  const { $schema: _, id: __, ...schema } = JSON.parse(readFileSync(shared(`schemas/${name}`) as string, 'utf8'));
  const ajv = new Ajv({ strict: false });
  addFormats.default(ajv);
  return ajv.compile(schema);
}

test('every format of the linter is one of dlint check, too', () => {
  const others = findingFormats.filter((name) => name !== 'text' && name !== 'json');
  expect(others.filter((name) => renderers[name] === undefined)).toEqual([]);
});

describe.each(reports)('%s', (_, report) => {
  const count = report.findings.length;

  test.skipIf(!shared('schemas'))('SARIF', () => {
    const document = JSON.parse(print('sarif', report));
    const isValid = validator('sarif-schema-2.1.0.json');
    expect(isValid(document), JSON.stringify(isValid.errors)).toBe(true);
    const [run] = document.runs;
    expect(run.automationDetails.id).toBe('dlint/check/');
    expect(run.results).toHaveLength(count);
    for (const { locations } of run.results) {
      const { artifactLocation, region } = locations[0].physicalLocation;
      // A relative reference: its first name has no colon, which would make it a scheme.
      expect(artifactLocation.uri).toMatch(/^(?!\.\/)[\x21-\x2e\x30-\x39\x3b-\x7e]+(?:\/[\x21-\x7e]*)?$/);
      expect(region.startLine).toBeGreaterThan(0);
    }
  });

  test.skipIf(!shared('schemas'))('GitLab', () => {
    const document = JSON.parse(print('gitlab', report));
    const isValid = validator('gitlab-codequality.schema.json');
    expect(isValid(document), JSON.stringify(isValid.errors)).toBe(true);
    expect(new Set(document.map(({ fingerprint }: { fingerprint: string }) => fingerprint)).size).toBe(count);
  });

  test.skipIf(!shared('schemas'))('rdjson, rdjsonl', () => {
    const document = JSON.parse(print('rdjson', report));
    const isValid = validator('rdf/DiagnosticResult.json');
    expect(isValid(document), JSON.stringify(isValid.errors)).toBe(true);
    const isLine = validator('rdf/Diagnostic.json');
    const lines = print('rdjsonl', report).split('\n').filter(Boolean);
    expect(lines).toHaveLength(count);
    for (const line of lines.slice(0, 20)) expect(isLine(JSON.parse(line)), JSON.stringify(isLine.errors)).toBe(true);
  });

  test.skipIf(!shared('schemas') || !hasPrograms('xmllint'))('JUnit', () => {
    const file = temporaryFile(print('junit', report), 'junit.xml');
    execFileSync('xmllint', ['--noout', '--schema', shared('schemas/junit-10.xsd') as string, file], { stdio: 'pipe' });
    const xml = readFileSync(file, 'utf8');
    expect(xml.match(/<failure /g) ?? []).toHaveLength(count);
    expect(xml).toMatch(/<testcase /);
  });

  test.skipIf(!hasPrograms('xmllint'))('Checkstyle', () => {
    const file = temporaryFile(print('checkstyle', report), 'checkstyle.xml');
    execFileSync('xmllint', ['--noout', file], { stdio: 'pipe' });
    expect(readFileSync(file, 'utf8').match(/<error /g) ?? []).toHaveLength(count);
  });

  test('SonarQube: every rule is described, and every issue has a file', () => {
    const { rules, issues } = JSON.parse(print('sonarqube', report));
    const ids = new Set(rules.map(({ id }: { id: string }) => id));
    expect(issues).toHaveLength(count);
    for (const { ruleId, primaryLocation } of issues) {
      expect(ids.has(ruleId)).toBe(true);
      expect(primaryLocation.filePath).not.toBe('');
      expect(primaryLocation.textRange.startLine).toBeGreaterThan(0);
    }
  });

  test.each(['compact', 'gnu', 'jsonl', 'azure'])('%s: a line for each finding', (format) => {
    const lines = print(format, report).split('\n').filter(Boolean);
    expect(lines).toHaveLength(count);
    expect(lines.join('')).not.toContain('\x1b');
  });

  test('GitHub shows ten of a kind, Markdown 200; nothing in a name breaks out', () => {
    const commands = print('github', report).split('\n');
    expect(commands.filter((line) => line.startsWith('::')).length).toBe(
      Math.min(count, report.findings.length > 20 ? 20 : count),
    );
    const rows = print('markdown', report)
      .split('\n')
      .filter((line) => line.startsWith('|'));
    expect(rows.length).toBe(count === 0 ? 0 : Math.min(count, 200) + 2);
    expect(new Set(rows.map((row) => row.replace(/\\\|/g, '').split('|').length)).size).toBeLessThan(2);
  });
});

test('a finding is on the first line of the instruction that brought it, else on the image', () => {
  const { files } = asLintReport(reports[4]?.[1] as CheckReport);
  expect(
    files.map(({ source: { path }, findings }) => [
      path,
      findings.map(({ location }) => 'span' in location && location.span),
    ]),
  ).toEqual([
    ['./docker/Dockerfile', [{ start: 12, end: 22 }]],
    ['docker://app', [{ start: 0, end: 0 }]],
  ]);
  expect(files[0]?.findings[0]?.message).toMatch(/^\/dir\/a "b".* in layer 2 \(RUN a /);
});
