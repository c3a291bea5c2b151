import { readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { commandSpecs } from '../../src/flags.ts';
import { dlint, folder } from '../support/cli.ts';

const app = resolve(import.meta.dirname, '../../examples/app');
const image = join(app, 'image.tar');
let cwd = '';
let remove = (): void => {};

beforeAll(() => {
  ({ path: cwd, remove } = folder({}));
});
afterAll(() => remove());

test('every format, from one pass', () => {
  const formats = commandSpecs.sbom.formats;
  const { stdout, stderr, status } = dlint(['sbom', image, ...formats.flatMap((name) => ['-f', `${name}=${name}`])], {
    cwd,
  });
  expect([stdout, stderr, status]).toEqual(['', '', 0]);
  const begins: Readonly<Record<string, string>> = {
    'cyclonedx-xml': '<?xml version="1.0"',
    'spdx-tag-value': 'SPDXVersion: SPDX-2.3\n',
    csv: 'name,version,',
    purls: 'pkg:',
    table: 'NAME ',
  };
  for (const name of formats) {
    const text = readFileSync(join(cwd, name), 'utf8');
    if (begins[name]) expect(text.startsWith(begins[name]), name).toBe(true);
    else expect(Object.keys(JSON.parse(text)).length, name).toBeGreaterThan(1);
  }
});

test("another tool's name of a format is that format", () => {
  expect(dlint(['sbom', image, '-f', 'cyclonedx-json@1.5'], { cwd }).stdout).toBe(
    dlint(['sbom', image, '-f', 'cyclonedx@1.5'], { cwd }).stdout,
  );
});

test('who made the document, and who ships the image', () => {
  const names = ['--author', 'Jo <jo@example.org>', '--author', 'Acme', '--supplier', 'Acme (https://acme.example)'];
  const { metadata } = JSON.parse(dlint(['sbom', image, ...names], { cwd }).stdout);
  expect(metadata.authors).toEqual([{ name: 'Jo', email: 'jo@example.org' }, { name: 'Acme' }]);
  expect(metadata.supplier).toEqual({ name: 'Acme', url: ['https://acme.example'] });
});

test('packages have a hash of their files, where documents show it and nobody declines', () => {
  const hashed = (flags: string[]) => {
    const { components } = JSON.parse(dlint(['sbom', image, ...flags], { cwd }).stdout);
    return components.filter(({ purl, hashes }: { purl?: string; hashes?: unknown }) => purl && hashes).length;
  };
  expect(hashed([])).toBe(25);
  expect(hashed(['--no-hashes'])).toBe(0);
});

describe('--check', () => {
  test('prints what is missing and fails; with all of it said it passes', () => {
    const missing = dlint(['sbom', image, '--check', 'ntia'], { cwd });
    expect(missing.status).toBe(1);
    expect(missing.stdout).toMatch(/^NTIA minimum elements \(2021\)\n {2}missing {2}author of the SBOM +not stated/);
    const complete = dlint(['sbom', image, '--check', 'cisa', '--author', 'Acme'], { cwd });
    expect(complete.stdout).toMatch(/ok +hash \(SHA-256 or stronger\) +25 of 25/);
  });

  test('documents go to files', () => {
    const { status } = dlint(['sbom', image, '--check', 'bsi', '-f', 'purls=p.txt'], { cwd });
    expect(status).toBe(1);
    expect(readFileSync(join(cwd, 'p.txt'), 'utf8')).toMatch(/^pkg:deb/);
    const refused = dlint(['sbom', image, '--check', 'bsi', '-f', 'purls'], { cwd });
    expect([refused.stdout, refused.status]).toEqual(['', 2]);
    expect(refused.stderr).toContain('with --check, a document goes to a file');
  });

  test('an unknown standard', () => {
    const { stderr, status } = dlint(['sbom', image, '--check', 'nita'], { cwd });
    expect(status).toBe(2);
    expect(stderr).toContain('ntia');
  });
});

test('--dockerfile: the line that brought each package', () => {
  const { stdout, stderr, status } = dlint(['sbom', image, '-f', 'table', '--dockerfile', join(app, 'Dockerfile')], {
    cwd,
  });
  expect([stderr, status]).toEqual(['', 0]);
  const lines = readFileSync(join(app, 'Dockerfile'), 'utf8').split('\n');
  const [, lineOfFlask = ''] = /^flask .* (\d+)$/m.exec(stdout) ?? [];
  expect(lines[Number(lineOfFlask) - 1]).toMatch(/^RUN .*pip/);
  expect(stdout).toMatch(/^libc6 .* -$/m);
});

test('--license-report: at the line of the Dockerfile', () => {
  const policy = ['--deny-license', '*', '-f', `purls=${join(cwd, 'p.txt')}`, '--dockerfile', join(app, 'Dockerfile')];
  const { stdout, status } = dlint(['sbom', image, ...policy, '--license-report', 'json'], { cwd });
  expect(status).toBe(1);
  const lines = new Set(
    JSON.parse(stdout).findings.map(({ location }: { location: { line: unknown } }) => location.line),
  );
  expect(lines.size).toBeGreaterThan(1);
});
