import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { commandSpecs } from '../../src/flags.ts';
import { dlint, folder } from '../support/cli.ts';

const entry = (version: string, license: string, rest = {}) => ({ version, license, ...rest });
const LOCK = {
  packages: {
    '': { dependencies: { a: '1' }, devDependencies: { d: '1' } },
    'node_modules/a': entry('1.0.0', 'MIT', { dependencies: { b: '1' } }),
    'node_modules/b': entry('1.2.0', 'GPL-3.0-or-later'),
    'node_modules/d': entry('2.0.0', 'ISC', { dev: true }),
  },
};

let cwd = '';
let remove = (): void => {};

beforeAll(() => {
  ({ path: cwd, remove } = folder({
    'package.json': '{"name":"shop","version":"2.1.0"}',
    'package-lock.json': JSON.stringify(LOCK),
    'root/etc/os-release': 'ID=alpine\nVERSION_ID=3.20\n',
    'root/lib/apk/db/installed': 'P:musl\nV:1.2.5-r0\nA:x86_64\nL:MIT\n\n',
    'policy.yaml': 'licenses:\n  allow: [MIT, ISC]\n',
    'wrong.yaml': 'licenses:\n  deny: [NoSuch]\n',
  }));
});
afterAll(() => remove());

const sbom = (...args: string[]) => {
  const { stdout, stderr, status } = dlint(['sbom', ...args], { cwd });
  return { stdout, stderr, status };
};

describe('a project', () => {
  test('as a table', () => {
    expect(sbom('.', '-f', 'table').stdout).toBe(
      [
        'NAME  VERSION  TYPE  LICENSE           SCOPE',
        'a     1.0.0    npm   MIT               production',
        'b     1.2.0    npm   GPL-3.0-or-later  production',
        'd     2.0.0    npm   ISC               development',
        '',
        '3 packages\n',
      ].join('\n'),
    );
  });

  test('as CycloneDX: the project is the root, and needs what it names', () => {
    const { stdout, stderr, status } = sbom('.');
    const { metadata, components, dependencies } = JSON.parse(stdout);
    expect([stderr, status]).toEqual(['', 0]);
    expect(metadata.component).toMatchObject({
      type: 'application',
      name: 'shop',
      version: '2.1.0',
      purl: 'pkg:npm/shop@2.1.0',
    });
    expect(metadata.component.properties).toBeUndefined();
    expect(dependencies).toContainEqual({
      ref: 'pkg:npm/shop@2.1.0',
      dependsOn: ['pkg:npm/a@1.0.0', 'pkg:npm/d@2.0.0'],
    });
    expect(dependencies).toContainEqual({ ref: 'pkg:npm/a@1.0.0', dependsOn: ['pkg:npm/b@1.2.0'] });
    expect(components[1].properties).toEqual([
      { name: 'dlint:direct', value: 'false' },
      { name: 'dlint:foundBy', value: 'package-lock' },
      { name: 'dlint:scope', value: 'production' },
    ]);
  });

  test('in every format', () => {
    const formats = commandSpecs.sbom.formats;
    const { stderr, status } = sbom(
      'dir:.',
      '--exclude-dev',
      ...formats.flatMap((name) => ['-f', `${name}=out.${name}`]),
    );
    expect([stderr, status]).toEqual(['', 0]);
    for (const name of formats) {
      const text = readFileSync(join(cwd, `out.${name}`), 'utf8');
      expect(text, name).toContain('1.2.0');
      expect(text, name).not.toMatch(/undefined|npm\/d@/);
    }
  });
});

test('a root filesystem', () => {
  const { stdout, status } = sbom('root', '-f', 'purls');
  expect([stdout, status]).toEqual(['pkg:apk/alpine/musl@1.2.5-r0?arch=x86_64&distro=alpine-3.20\n', 0]);
  expect(sbom('rootfs:root', '-f', 'purls').stdout).toBe(stdout);
});

describe('licences', () => {
  test('a denied one fails, and is named', () => {
    const { stdout, stderr, status } = sbom('.', '--deny-license', 'GPL-*', '-f', 'purls=p.txt');
    expect([stdout, status]).toEqual(['', 1]);
    expect(stderr).toBe('error  license-denied  pkg:npm/b@1.2.0: GPL-3.0-or-later (/package-lock.json)\n');
    expect(sbom('.', '--deny-license', 'GPL-*', '-f', 'purls', '--fail-on', 'never').status).toBe(0);
    expect(sbom('.', '--deny-license', 'AGPL-*', '-f', 'purls').status).toBe(0);
  });

  test('findings as JSON and in the formats of the linter, each where it says', () => {
    const flags = ['--deny-license', 'GPL-*', '-f', 'purls=p.txt'];
    const { stdout, stderr, status } = sbom('.', ...flags, '--license-report', 'json');
    expect([stderr, status]).toEqual(['', 1]);
    const report = JSON.parse(stdout);
    expect(report).toMatchObject({ schema: 'dlint-licenses/1', input: '.', policy: { allow: null, deny: ['GPL-*'] } });
    expect(report.findings).toEqual([
      {
        rule: 'license-denied',
        severity: 'error',
        purl: 'pkg:npm/b@1.2.0',
        name: 'b',
        version: '1.2.0',
        license: 'GPL-3.0-or-later',
        location: { path: 'package-lock.json', layer: null, layerIndex: null, line: null },
        fingerprint: expect.stringMatching(/^[0-9a-f]{16}$/),
      },
    ]);
    const many = ['sarif=l.sarif', 'gnu', 'junit=l.xml'].flatMap((name) => ['--license-report', name]);
    expect(sbom('.', ...flags, ...many).stdout).toContain('package-lock.json:1:1: error: pkg:npm/b@1.2.0: GPL-3.0-or');
    const [run] = JSON.parse(readFileSync(join(cwd, 'l.sarif'), 'utf8')).runs;
    expect(run.results[0].locations[0].physicalLocation.artifactLocation.uri).toBe('package-lock.json');
    expect(run.automationDetails.id).toBe('dlint/licenses/');
    expect(sbom('.', ...flags.slice(0, 2), '--license-report', 'json')).toMatchObject({ stdout: '', status: 2 });
    expect(sbom('.', ...flags, '--license-report', 'jsno').stderr).toContain('--license-report jsno');
  });

  test('the policy of the configuration holds where no flag says otherwise', () => {
    expect(sbom('.', '--config', 'policy.yaml', '-f', 'purls=p.txt').status).toBe(1);
    expect(sbom('.', '--config', 'policy.yaml', '--allow-license', '*', '-f', 'purls=p.txt').status).toBe(0);
    expect(sbom('.', '-f', 'purls=p.txt').status).toBe(0);
  });

  test('what is no licence is refused', () => {
    expect(sbom('.', '--deny-license', 'NoSuch')).toMatchObject({
      stdout: '',
      status: 2,
      stderr: expect.stringContaining('"NoSuch" is no licence'),
    });
    expect(sbom('.', '--config', 'wrong.yaml').status).toBe(2);
  });
});

test.each([
  [['.', '--platform', 'linux/arm64'], '--platform has no meaning here'],
  [['dir:missing'], 'missing is no directory'],
  [[join(import.meta.dirname, '../../examples/app/image.tar'), '--exclude-dev'], '--exclude-dev has no meaning here'],
  [['missing-folder/x.tar', '--exclude-dev'], 'there is no folder missing-folder'],
])('%j is refused', (args, message) => {
  const { stdout, stderr, status } = sbom(...args);
  expect([stdout, status]).toEqual(['', 2]);
  expect(stderr).toContain(message);
});
