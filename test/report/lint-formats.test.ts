import { execFileSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Ajv } from 'ajv';
import addFormats from 'ajv-formats';
import { afterAll, describe, expect, test } from 'vitest';
import { rules } from '../../rules/index.ts';
import { lint } from '../../src/lint/lint.ts';
import { ruleSet } from '../../src/lint/rule-set.ts';
import { chooseFindings } from '../../src/report/html/chosen-findings.ts';
import { lintFormats } from '../../src/report/lint-formats/lint-formats.ts';
import type { LintReport } from '../../src/report/lint-report.ts';
import { hasPrograms } from '../support/registry.ts';
import { shared } from '../support/shared.ts';

const folder = mkdtempSync(join(tmpdir(), 'dlint-formats-'));
afterAll(() => rmSync(folder, { recursive: true }));

const style = { color: false, width: 100 };
const print = (format: string, report: LintReport): string =>
  [...(lintFormats[format]?.(report, style) ?? [])].join('');

/** What may stand in names and texts: everything that some format separates by. */
const odd = 'a "b" <c> & \'d\' %41 %0A,:;]|`*@x é 😀 \u202e \ud800 \u2028 ]]> </script> ##vso[x]';

function reportOf(files: readonly { path: string; text: string }[], errors: LintReport['errors'] = []): LintReport {
  const set = ruleSet(rules, { preset: 'strict' });
  return {
    tool: { name: 'dlint', version: '1.2.3' },
    files: files.map((source) => ({ source, findings: lint(source, set).findings, fixed: 0 })),
    errors,
    rules: new Map(rules.map(({ id, why, summary }) => [id, { why, summary, url: `https://dlint.example/${id}` }])),
    repaired: false,
  };
}

const sample = [
  'FROM debian',
  'RUN apt-get update && apt-get install -y curl',
  'RUN pip install "flask" && cd /x',
  `LABEL odd="${odd.replace(/["\\]/g, '')}" maintainer=`,
  'RUN npm install express && sudo true',
  '',
].join('\n');
const few = reportOf(
  [
    { path: './app/Dockerfile', text: sample },
    { path: `${odd}/Dockerfile`, text: sample.replaceAll('\n', '\r\n') },
    { path: 'clean/Dockerfile', text: '' },
  ],
  [{ path: 'missing\nname', code: 'E_NOT_FOUND', message: `there is no "${odd}"` }],
);
const none = reportOf([{ path: 'clean/Dockerfile', text: 'FROM scratch\nCOPY a /a\nUSER 1000\nCMD ["/a"]\n' }]);
const many = ((): LintReport => {
  const [file] = reportOf([{ path: 'Dockerfile', text: sample }]).files;
  const files = Array.from({ length: 1500 }, (_, i) => ({
    source: { path: `d${i}/Dockerfile`, text: sample },
    fixed: 0,
    findings: (file?.findings ?? []).map((finding) => ({ ...finding, fingerprint: `${i}-${finding.fingerprint}` })),
  }));
  return { ...few, files };
})();
const count = (report: LintReport) => report.files.reduce((sum, { findings }) => sum + findings.length, 0);

test('there is something to print', () => {
  expect(count(few)).toBeGreaterThan(10);
  expect(count(many)).toBeGreaterThan(10_000);
  expect(few.files[0]?.findings.some(({ fix }) => fix)).toBe(true);
});

/** Schemas of draft 4 that use nothing which draft 7 means otherwise. */
function validator(name: string, others: readonly string[] = []) {
  const read = (file: string) => {
    const { $schema: _, id: __, ...schema } = JSON.parse(readFileSync(shared(`schemas/${file}`) as string, 'utf8'));
    return schema;
  };
  const ajv = new Ajv({ strict: false, allErrors: false });
  addFormats.default(ajv);
  for (const other of others) ajv.addSchema(read(other), other);
  return ajv.compile(read(name));
}

const reports: [string, LintReport][] = [
  ['few', few],
  ['none', none],
  ['many', many],
];

describe.each(reports)('%s findings', (name, report) => {
  test.skipIf(!shared('schemas'))('SARIF', () => {
    const document = JSON.parse(print('sarif', report));
    const isValid = validator('sarif-schema-2.1.0.json');
    expect(isValid(document), JSON.stringify(isValid.errors)).toBe(true);
    const [run] = document.runs;
    expect(run.results).toHaveLength(count(report));
    // What GitHub asks for beyond the schema: no empty texts, and what code scanning needs of a result.
    for (const rule of run.tool.driver.rules) {
      for (const text of [rule.id, rule.shortDescription.text, rule.fullDescription.text, rule.help.text]) {
        expect(text.length).toBeGreaterThan(0);
      }
      expect(rule.shortDescription.text.length).toBeLessThanOrEqual(1024);
      expect(rule.fullDescription.text.length).toBeLessThanOrEqual(1024);
      expect(rule.properties.tags.length).toBeLessThanOrEqual(20);
    }
    for (const { ruleId, ruleIndex, message, locations, partialFingerprints, fixes = [] } of run.results) {
      expect(run.tool.driver.rules[ruleIndex].id).toBe(ruleId);
      const { artifactLocation, region } = locations[0].physicalLocation;
      expect(artifactLocation.uri).toMatch(/^(?!\.\/)[\x21-\x7e]+$/);
      for (const key of ['startLine', 'startColumn', 'endLine', 'endColumn']) expect(region[key]).toBeGreaterThan(0);
      expect(message.text).not.toBe('');
      expect(partialFingerprints.primaryLocationLineHash).not.toBe('');
      for (const { artifactChanges } of fixes) expect(artifactChanges[0].replacements.length).toBeGreaterThan(0);
    }
    expect(run.invocations[0].executionSuccessful).toBe(report.errors.length === 0);
  });

  test.skipIf(!shared('schemas'))('GitLab', () => {
    const document = JSON.parse(print('gitlab', report));
    const isValid = validator('gitlab-codequality.schema.json');
    expect(isValid(document), JSON.stringify(isValid.errors)).toBe(true);
    expect(document).toHaveLength(count(report));
    expect(new Set(document.map(({ fingerprint }: { fingerprint: string }) => fingerprint)).size).toBe(count(report));
    for (const { location } of document) expect(location.path).not.toMatch(/^\.\//);
  });

  test.skipIf(!shared('schemas'))('rdjson and rdjsonl', () => {
    const document = JSON.parse(print('rdjson', report));
    const isValid = validator('rdf/DiagnosticResult.json');
    expect(isValid(document), JSON.stringify(isValid.errors)).toBe(true);
    const isLine = validator('rdf/Diagnostic.json');
    const lines = print('rdjsonl', report).split('\n').filter(Boolean);
    expect(lines).toHaveLength(document.diagnostics.length);
    for (const line of lines.slice(0, 50)) expect(isLine(JSON.parse(line)), JSON.stringify(isLine.errors)).toBe(true);
  });

  test.skipIf(!shared('schemas') || !hasPrograms('xmllint'))('JUnit', () => {
    const file = join(folder, `${name}.xml`);
    writeFileSync(file, print('junit', report));
    const schema = shared('schemas/junit-10.xsd') as string;
    execFileSync('xmllint', ['--noout', '--schema', schema, file], { stdio: 'pipe' });
    expect(readFileSync(file, 'utf8').match(/<failure /g) ?? []).toHaveLength(count(report));
  });

  test.skipIf(!hasPrograms('xmllint'))('Checkstyle', () => {
    const file = join(folder, `${name}.checkstyle.xml`);
    writeFileSync(file, print('checkstyle', report));
    execFileSync('xmllint', ['--noout', file], { stdio: 'pipe' });
    const errors = execFileSync('xmllint', ['--xpath', 'count(//error)', file], { encoding: 'utf8' });
    expect(Number(errors)).toBe(count(report) + report.errors.length);
  });

  test('lines: one for each finding, in the form that is read back', () => {
    const forms: Readonly<Record<string, RegExp>> = {
      compact: /^.+:\d+:\d+: (?:error|warning|info|style) \S.*: .+$/,
      gnu: /^.+:\d+:\d+: (?:error|warning|info|note): .+ \[[a-z-]+\]$/,
      jsonl: /^\{"path":".*\}$/s,
    };
    for (const [format, form] of Object.entries(forms)) {
      const lines = print(format, report).split('\n').slice(0, -1);
      expect(lines).toHaveLength(count(report));
      for (const line of lines) expect(line).toMatch(form);
    }
  });

  test('GitHub: at most ten of a kind, the worst first, each on one line', () => {
    const lines = print('github', report).split('\n').slice(0, -1);
    const commands = lines.filter((line) => line.startsWith('::'));
    for (const command of ['warning', 'notice']) {
      expect(commands.filter((line) => line.startsWith(`::${command} `)).length).toBeLessThanOrEqual(10);
    }
    const form =
      /^::(?:error|warning|notice) file=[^,:]+(?:,line=\d+,endLine=\d+(?:,col=\d+,endColumn=\d+)?,title=[a-z-]+)?::.+$/s;
    for (const line of commands) expect(line).toMatch(form);
    expect(lines.length - commands.length).toBeLessThanOrEqual(1);
  });

  test.each(['github', 'azure', 'compact', 'gnu'])('%s: nothing in it steers a terminal', (format) => {
    const name = 'a\x1b]0;title\x07\x1b[2J/Dockerfile';
    const text = print(
      format,
      reportOf(
        [{ path: name, text: 'FROM \x1b[31mdebian\nRUN cd /a\n' }],
        [{ code: 'E_READ', path: name, message: name }],
      ),
    );
    expect(text).toMatch(/Dockerfile/);
    expect(text).not.toMatch(/[\0-\x08\x0b-\x1f\x7f]/);
  });

  test('Azure: one command for each finding', () => {
    const lines = print('azure', report).split('\n').slice(0, -1);
    expect(lines).toHaveLength(count(report) + report.errors.length);
    for (const line of lines)
      expect(line).toMatch(/^##vso\[task\.logissue type=(?:error|warning);sourcepath=[^;\]]+[;\]].*$/s);
  });

  test('SonarQube: every issue has a rule, and no empty range', () => {
    const { rules, issues } = JSON.parse(print('sonarqube', report));
    const ids = new Set(rules.map(({ id }: { id: string }) => id));
    expect(issues).toHaveLength(count(report));
    for (const { ruleId, primaryLocation } of issues) {
      expect(ids.has(ruleId)).toBe(true);
      const { startLine, startColumn, endLine, endColumn } = primaryLocation.textRange;
      expect(startLine).toBeGreaterThan(0);
      if (endLine === startLine) expect(endColumn).toBeGreaterThan(startColumn);
    }
  });

  test('HTML: every finding, its rule and its lines; no text is markup', () => {
    const page = print('html', report);
    expect(page.match(/<article /g) ?? []).toHaveLength(count(report));
    const rules = new Set(report.files.flatMap(({ findings }) => findings.map(({ rule }) => rule)));
    expect(page.match(/ id="rule-/g) ?? []).toHaveLength(rules.size);
    for (const rule of rules) expect(page).toContain(`<a href="https://dlint.example/${rule}"`);
    // One element of each: those of the page itself.
    const tags = [...page.matchAll(/<([a-z][a-z0-9]*|!--)/gi)].map(([, tag = '']) => tag.toLowerCase());
    for (const tag of ['script', 'style', 'h1']) expect(tags.filter((one) => one === tag)).toHaveLength(1);
    const known =
      /^(?:html|head|meta|title|style|body|header|main|footer|section|div|article|h1|h2|p|pre|span|i|b|strong|small|code|mark|a|button|input|select|option|dl|dt|dd|ul|li|script)$/;
    expect(tags.filter((tag) => !known.test(tag))).toEqual([]);
    const shown = page.replace(/<(style|script)>.*?<\/\1>/gs, '');
    expect(shown).not.toMatch(/<[^>]*\s(?:on\w+|style|src|srcset)=/i);
    expect(page).not.toMatch(/[\u2028-\u202e]/);
    expect(Buffer.from(page).toString()).toBe(page);
    for (const text of ['script', 'style']) {
      const [, body = ''] = new RegExp(`<${text}>(.*?)</${text}>`, 's').exec(page) ?? [];
      expect(page).toContain(`${text}-src 'sha256-${createHash('sha256').update(body).digest('base64')}'`);
    }
  });

  test('Markdown: a row for each finding that is shown, and no markup of its own', () => {
    const rows = print('markdown', report)
      .split('\n')
      .filter((line) => /^\| \d/.test(line));
    expect(rows).toHaveLength(Math.min(count(report), 200));
    for (const row of rows) {
      expect(row.replace(/\\\|/g, '').match(/\|/g)).toHaveLength(5);
      expect(row.replaceAll('<br>', '')).not.toMatch(/<|@/);
    }
  });
});

test('HTML: more findings than a page can hold', () => {
  const { chosen, omitted } = chooseFindings(many, 1000);
  expect([chosen.size, omitted]).toEqual([1000, count(many) - 1000]);
  const rank = (severity: string) => ['error', 'warning', 'info', 'style'].indexOf(severity);
  const worst = Math.max(...[...chosen].map(({ severity }) => rank(severity)));
  const left = many.files.flatMap(({ findings }) => findings).filter((finding) => !chosen.has(finding));
  for (const { severity } of left) expect(rank(severity)).toBeGreaterThanOrEqual(worst);
});

test('HTML: bytes that are no UTF-8, and a finding in a file that has none of its lines', () => {
  const text = Buffer.from([...Buffer.from('FROM debian\nRUN pip install a # '), 0xff, 0xfe, 0x80, 0x0a]).toString();
  const page = print('html', reportOf([{ path: 'latin1/Dockerfile', text }]));
  expect(page).toContain('pip install');
  expect(page).toContain('\ufffd');
  const [file] = few.files;
  const [finding] = file?.findings ?? [];
  if (!file || !finding) throw new Error('no finding');
  const source = { path: 'app.tar', text: '' };
  const placed = { ...finding, location: { source, span: { start: 0, end: 0 } }, fix: undefined };
  const { fix: _, ...bare } = placed;
  const image = print('html', { ...few, files: [{ source, findings: [bare], fixed: 0 }] });
  expect(image).toContain('<h2>app.tar</h2>');
  expect(image).not.toContain('<pre>');
});
