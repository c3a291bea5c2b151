import { expect, test } from 'vitest';
import { diffPackages } from '../../src/sbom/diff-packages.ts';
import type { SbomPackage } from '../../src/sbom/sbom.ts';
import { compareVersions } from '../../src/sbom/version-order.ts';
import { imageOf } from '../support/image-of.ts';

function npm(name: string, version: string, more: Partial<SbomPackage> = {}): SbomPackage {
  return {
    name,
    version,
    purl: `pkg:npm/${name}@${version}`,
    ecosystem: 'npm',
    foundBy: 'npm',
    confidence: 1,
    evidence: [],
    layer: imageOf(1).layers[0],
    ...more,
  } as SbomPackage;
}

test('packages that came, left, moved and were relicensed', () => {
  const before = [
    npm('a', '1.0.0'),
    npm('b', '2.0.0'),
    npm('c', '1.0.0', { concludedLicense: 'MIT' }),
    npm('e', '3.0.0'),
  ];
  const after = [
    npm('a', '1.10.0'),
    npm('c', '1.0.0', { concludedLicense: 'Apache-2.0' }),
    npm('d', '1.0.0'),
    npm('e', '2.9.9'),
  ];
  expect(diffPackages(before, after)).toEqual([
    { name: 'a', ecosystem: 'npm', change: 'upgraded', before: '1.0.0', after: '1.10.0' },
    { name: 'b', ecosystem: 'npm', change: 'removed', before: '2.0.0', after: null },
    { name: 'c', ecosystem: 'npm', change: 'relicensed', before: 'MIT', after: 'Apache-2.0' },
    { name: 'd', ecosystem: 'npm', change: 'added', before: null, after: '1.0.0' },
    { name: 'e', ecosystem: 'npm', change: 'downgraded', before: '3.0.0', after: '2.9.9' },
  ]);
});

test('several versions side by side: only one that left for one that came is an upgrade', () => {
  const before = [npm('a', '1.0.0'), npm('a', '2.0.0')];
  expect(diffPackages(before, [npm('a', '1.0.0'), npm('a', '2.1.0')])).toMatchObject([{ change: 'upgraded' }]);
  expect(diffPackages(before, [npm('a', '3.0.0')])).toMatchObject([
    { change: 'removed', before: '1.0.0' },
    { change: 'removed', before: '2.0.0' },
    { change: 'added', after: '3.0.0' },
  ]);
});

test('architectures of one package are two packages', () => {
  const deb = (version: string, arch: string) =>
    npm('libc6', version, { ecosystem: 'deb', purl: `pkg:deb/debian/libc6@${version}?arch=${arch}` });
  expect(diffPackages([deb('1', 'amd64'), deb('1', 'i386')], [deb('2', 'amd64'), deb('1', 'i386')])).toHaveLength(1);
});

test.each([
  // deb-version(7)
  ['deb', '1.0~rc1', '1.0'],
  ['deb', '1.0-1', '1.0-1+deb12u1'],
  ['deb', '9.9', '1:0.1'],
  ['deb', '2.36-9', '2.36-10'],
  ['deb', '1.2.3', '1.2.3a'],
  // semver.org, 11
  ['npm', '1.0.0-alpha', '1.0.0-alpha.1'],
  ['npm', '1.0.0-beta.2', '1.0.0-beta.11'],
  ['npm', '1.0.0-rc.1', '1.0.0'],
  ['npm', '1.9.0', '1.10.0'],
  // PEP 440
  ['pypi', '1.0a2', '1.0b1'],
  ['pypi', '1.0rc1', '1.0'],
  ['pypi', '1.0', '1.0.post1'],
  ['pypi', '1.0.dev3', '1.0'],
  ['apk', '1.2.3-r1', '1.2.3-r10'],
  ['golang', 'v1.2.3', '1.2.4'],
  ['npm', '999999999999999999998.0.0', '999999999999999999999.0.0'],
])('%s: %s comes before %s', (ecosystem, older, newer) => {
  expect(compareVersions(ecosystem, older, newer)).toBeLessThan(0);
  expect(compareVersions(ecosystem, newer, older)).toBeGreaterThan(0);
});
