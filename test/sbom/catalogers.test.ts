import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { catalogersIndex } from '../../scripts/catalogers.ts';
import { CATALOGERS } from '../../src/sbom/catalogers/index.ts';
import { catalogFiles } from '../support/catalog-files.ts';
import { cpuTime } from '../support/cpu-time.ts';
import { shared } from '../support/shared.ts';

const purls = (files: Parameters<typeof catalogFiles>[0]) => catalogFiles(files).components.map(({ purl }) => purl);
const DEBIAN = { 'etc/os-release': 'ID=debian\nVERSION_ID="12"\n' };
const STATUS = 'var/lib/dpkg/status';

test('the index lists every cataloger: run `npx tsx scripts/catalogers.ts`', () => {
  const index = new URL('../../src/sbom/catalogers/index.ts', import.meta.url);
  expect(readFileSync(index, 'utf8')).toBe(catalogersIndex());
});

describe('dpkg', () => {
  const record = [
    'Package: libfoo1',
    'Status: install ok installed',
    'Architecture: amd64',
    'Source: foo (1:2.0)',
    'Version: 1:2.0+b1',
    'Maintainer: Jane Doe <jane@example.org>',
    'Depends: libc6 (>= 2.15), gpgv | gpgv2:any, missing',
    'Homepage: https://example.org',
    'Description: short',
    ' long',
    '',
    'Package: libc6',
    'Status: install ok installed',
    'Architecture: i386',
    'Version: 1',
    '',
    'Package: libc6',
    'Status: hold ok installed',
    'Architecture: amd64',
    'Version: 1',
    '',
    'Package: gnupg2',
    'Status: install ok installed',
    'Architecture: amd64',
    'Version: 3',
    'Provides: gpgv2 (= 3)',
    '',
    'Package: gone',
    'Status: deinstall ok config-files',
    'Version: 1',
  ].join('\n');

  test('every field of a record', () => {
    const { components, problems } = catalogFiles({
      ...DEBIAN,
      [STATUS]: record,
      'var/lib/dpkg/info/libfoo1:amd64.list': '/.\n/usr\n/usr/lib/libfoo.so.1\n',
      'usr/share/doc/libfoo1': { link: 'libfoo-common' },
      'usr/share/doc/libfoo-common/copyright':
        'Format: https://www.debian.org/doc/packaging-manuals/copyright-format/1.0/\n\nFiles: *\nLicense: GPL-2+ or Artistic\n\nFiles: x\nLicense: Expat\n',
    });
    expect(problems).toEqual([]);
    expect(components.find(({ name }) => name === 'libfoo1')).toEqual({
      name: 'libfoo1',
      version: '1:2.0+b1',
      purl: 'pkg:deb/debian/libfoo1@1:2.0%2Bb1?arch=amd64&distro=debian-12&upstream=foo%401:2.0',
      ecosystem: 'deb',
      foundBy: 'dpkg',
      declaredLicense: 'GPL-2+ or Artistic, Expat',
      concludedLicense: '(GPL-2.0-or-later OR Artistic-1.0-Perl) AND MIT',
      supplier: { name: 'Jane Doe', email: 'jane@example.org' },
      homepage: 'https://example.org',
      description: 'short',
      dependsOn: [
        'pkg:deb/debian/gnupg2@3?arch=amd64&distro=debian-12',
        'pkg:deb/debian/libc6@1?arch=amd64&distro=debian-12',
      ],
      knowsDependencies: true,
      provides: [],
      ownsFiles: ['usr', 'usr/lib/libfoo.so.1'],
      confidence: 1,
      evidence: [STATUS, 'var/lib/dpkg/info/libfoo1:amd64.list', 'usr/share/doc/libfoo-common/copyright'],
      occurrences: [STATUS],
    });
    expect(components).toHaveLength(4);
  });

  test('a file that is no database is a problem and not an error', () => {
    expect(catalogFiles({ [STATUS]: '\0\u0001 rubbish\n' })).toMatchObject({
      components: [],
      problems: [{ path: STATUS }],
    });
    expect(catalogFiles({ [STATUS]: 'Package: a\nStatus: install ok installed\n' }).problems).toHaveLength(1);
    expect(catalogFiles({ [STATUS]: '' }).problems).toEqual([]);
  });

  const copyrights = shared('sbom/dpkg/copyright');
  test.skipIf(!copyrights).each([
    ['trilicense', 'GPL-2.0-only OR LGPL-2.1-only OR MPL-1.1'],
    ['cuda', undefined],
  ])('copyright of %s', (name, expected) => {
    const text = readFileSync(join(copyrights as string, name), 'utf8');
    const files = { [STATUS]: 'Package: p\nVersion: 1\n', 'usr/share/doc/p/copyright': text };
    const concluded = catalogFiles(files).components[0]?.concludedLicense;
    expect(concluded?.split(' OR ').sort().join(' OR ')).toBe(expected);
  });
});

describe('apk', () => {
  test('both places, links to each other', () => {
    const database =
      'P:musl\nV:1.2.4-r2\nA:x86_64\nL:MIT\no:musl\np:so:libc.musl-x86_64.so.1=1\n\nP:zlib\nV:1\nA:x86_64\nL:Zlib GPL2\no:zl\nD:so:libc.musl-x86_64.so.1 !busybox<1\nF:lib\nR:libz.so.1\n';
    const release = {
      'usr/lib/os-release': 'ID=wolfi\nVERSION_ID=20230201\n',
      'etc/os-release': { link: '../usr/lib/os-release' },
    };
    for (const files of [
      { 'lib/apk/db/installed': database },
      { lib: { link: 'usr/lib' }, 'usr/lib/apk/db/installed': database },
    ]) {
      const { components } = catalogFiles({ ...release, ...files });
      expect(components.map(({ purl }) => purl)).toEqual([
        'pkg:apk/wolfi/musl@1.2.4-r2?arch=x86_64&distro=wolfi-20230201',
        'pkg:apk/wolfi/zlib@1?arch=x86_64&distro=wolfi-20230201&upstream=zl',
      ]);
      expect(components[1]).toMatchObject({
        concludedLicense: 'GPL-2.0-only AND Zlib',
        dependsOn: [components[0]?.purl],
        ownsFiles: ['lib/libz.so.1'],
      });
    }
  });
});

describe('npm', () => {
  const module = (name: string, more: object = {}) => JSON.stringify({ name, version: '1.0.0', ...more });

  test('only what lies at the root of a module', () => {
    expect(
      purls({
        'app/package.json': module('app'),
        'app/node_modules/a/package.json': module('a'),
        'app/node_modules/a/test/package.json': module('test-of-a'),
        'app/node_modules/a/esm/package.json': '{"type":"module"}',
        'app/node_modules/@s/b/package.json': module('@s/b'),
        'app/node_modules/@s/b/dist/package.json': module('dist'),
        'app/node_modules/.cache/x/package.json': module('cached'),
        'usr/share/nodejs/deb/package.json': module('deb'),
        'usr/share/nodejs/deb/lib/package.json': module('lib'),
        'app/node_modules/.pnpm/c@1.0.0/node_modules/c/package.json': module('c'),
      }),
    ).toEqual(['pkg:npm/%40s/b@1.0.0', 'pkg:npm/a@1.0.0', 'pkg:npm/c@1.0.0', 'pkg:npm/deb@1.0.0']);
  });

  test('the hidden lock file adds to what is there, and nothing else', () => {
    const { components } = catalogFiles({
      'app/node_modules/a/package.json': module('a'),
      'app/node_modules/b/package.json': module('b'),
      'app/node_modules/.package-lock.json': JSON.stringify({
        packages: {
          'node_modules/a': {
            version: '1.0.0',
            resolved: 'https://r/a.tgz',
            integrity: `sha1-${Buffer.alloc(20).toString('base64')}`,
          },
          'node_modules/b': { version: '2.0.0', integrity: 'sha512-AAAA' },
          'node_modules/left-pad': { version: '1.3.0' },
        },
      }),
    });
    expect(components.map(({ name, hashes, downloadUrl }) => ({ name, hashes, downloadUrl }))).toEqual([
      { name: 'a', hashes: [{ algorithm: 'SHA-1', value: '0'.repeat(40) }], downloadUrl: 'https://r/a.tgz' },
      { name: 'b', hashes: undefined, downloadUrl: undefined },
    ]);
  });

  test('dependencies are what node would load from there', () => {
    const { components } = catalogFiles({
      'app/node_modules/a/package.json': module('a', { dependencies: { b: '1' }, optionalDependencies: { none: '1' } }),
      'app/node_modules/a/node_modules/b/package.json': JSON.stringify({
        name: 'b',
        version: '2.0.0',
        dependencies: { c: '1' },
      }),
      'app/node_modules/b/package.json': module('b'),
      'app/node_modules/c': { link: '.pnpm/c/node_modules/c' },
      'app/node_modules/.pnpm/c/node_modules/c/package.json': module('c', { peerDependencies: { a: '*' } }),
    });
    expect(Object.fromEntries(components.map(({ purl, dependsOn }) => [purl, dependsOn]))).toEqual({
      'pkg:npm/a@1.0.0': ['pkg:npm/b@2.0.0'],
      'pkg:npm/b@1.0.0': [],
      'pkg:npm/b@2.0.0': ['pkg:npm/c@1.0.0'],
      'pkg:npm/c@1.0.0': ['pkg:npm/a@1.0.0'],
    });
  });

  const manifests = shared('sbom/npm/package-json');
  test.skipIf(!manifests)('licences and authors in every shape', () => {
    const names = readdirSync(manifests as string);
    const read = (name: string) => {
      const body = readFileSync(join(manifests as string, name));
      const [one] = catalogFiles({ 'a/node_modules/npm/package.json': body }).components;
      return one && [one.version, one.concludedLicense, one.supplier?.name, one.supplier?.email];
    };
    expect(Object.fromEntries(names.map((name) => [name, read(name)]))).toMatchObject({
      'package-authors-array.json': ['6.14.6', 'Artistic-2.0', 'Harry Potter', 'hp@hogwards.com'],
      'package-license-object.json': ['6.14.6', 'ISC', 'Isaac Z. Schlueter', 'i@izs.me'],
      'package-license-objects.json': ['6.14.6', 'MIT OR Apache-2.0', 'Isaac Z. Schlueter', 'i@izs.me'],
      'package-malformed-license.json': ['6.14.6', 'MIT', 'Isaac Z. Schlueter', 'i@izs.me'],
      'package-nested-author.json': ['6.14.6', 'Artistic-2.0', 'Isaac Z. Schlueter', 'i@izs.me'],
      'package-no-license.json': ['6.14.6', undefined, 'Isaac Z. Schlueter', 'i@izs.me'],
      'package-partial.json': undefined,
    });
  });
});

describe('Python', () => {
  const SITE = 'usr/local/lib/python3.13/site-packages';

  test('dist-info, egg-info as a folder and as a file, eggs; names normalised', () => {
    const files = {
      [`${SITE}/Foo_Bar-1.0.dist-info/METADATA`]: 'Metadata-Version: 2.1\nName: Foo_.Bar\nVersion: 1.0\n',
      [`${SITE}/b.egg-info/PKG-INFO`]: 'Name: b\nVersion: 2\n',
      'usr/lib/python3/dist-packages/c-3.egg-info': 'Name: c\nVersion: 3\n',
      [`${SITE}/d-4-py3.13.egg/EGG-INFO/PKG-INFO`]: 'Name: d\nVersion: 4\n',
      'src/requirements.txt': 'paramiko==1.0\n',
    };
    expect(purls(files)).toEqual(['pkg:pypi/b@2', 'pkg:pypi/c@3', 'pkg:pypi/d@4', 'pkg:pypi/foo-bar@1.0']);
  });

  test('every field; extras are followed only when they are asked for', () => {
    const { components } = catalogFiles({
      [`${SITE}/a-1.dist-info/METADATA`]: [
        'Name: a',
        'Version: 1',
        'Summary: what it is',
        'Author-Email: =?utf-8?q?Sebasti=C3=A1n?= <s@example.org>, Other <o@example.org>',
        'License-Expression: MIT',
        'Project-URL: Source Code, https://example.org/a.git',
        'Home-page: https://example.org',
        'Requires-Dist: b[fast]>=1; python_version > "3"',
        'Requires-Dist: d; extra == "test"',
        '',
        'Name: not-a-header',
      ].join('\n'),
      [`${SITE}/a-1.dist-info/RECORD`]:
        'a/__init__.py,sha256=x,1\n"a/x,y.py",,\n../../../bin/a,sha256=x,9\n<<<<<<< HEAD\n',
      [`${SITE}/a-1.dist-info/direct_url.json`]:
        '{"url":"https://example.org/a.git","vcs_info":{"vcs":"git","commit_id":"abc"}}',
      [`${SITE}/b-1.dist-info/METADATA`]:
        'Name: b\nVersion: 1\nRequires-Dist: c; extra == "fast"\nRequires-Dist: d; extra == "slow"\n',
      [`${SITE}/c-1.dist-info/METADATA`]:
        'Name: c\nVersion: 1\nLicense: BSD\nClassifier: License :: OSI Approved :: BSD License\n',
      [`${SITE}/d-1.dist-info/METADATA`]: 'Name: d\nVersion: 1\nLicense: UNKNOWN\n',
    });
    expect(components.find(({ name }) => name === 'a')).toMatchObject({
      purl: 'pkg:pypi/a@1?vcs_url=git%2Bhttps:%2F%2Fexample.org%2Fa.git%40abc',
      description: 'what it is',
      supplier: { name: 'Sebastián', email: 's@example.org' },
      declaredLicense: 'MIT',
      concludedLicense: 'MIT',
      homepage: 'https://example.org',
      sourceUrl: 'https://example.org/a.git',
      dependsOn: ['pkg:pypi/b@1'],
      ownsFiles: [`${SITE}/a/__init__.py`, `${SITE}/a/x,y.py`, 'usr/local/bin/a'],
    });
    expect(components.find(({ name }) => name === 'b')?.dependsOn).toEqual(['pkg:pypi/c@1']);
    const c = components.find(({ name }) => name === 'c');
    expect([c?.declaredLicense, c?.concludedLicense]).toEqual(['BSD', undefined]);
    expect(components.find(({ name }) => name === 'd')?.declaredLicense).toBeUndefined();
  });
});

describe('owners', () => {
  test('a path from before the merge of /usr, through a symlink', () => {
    const { components } = catalogFiles({
      ...DEBIAN,
      [STATUS]: 'Package: p\nVersion: 1\n',
      'var/lib/dpkg/info/p.list': '/lib/python3/x-1.egg-info\n',
      lib: { link: 'usr/lib' },
      'usr/lib/python3/x-1.egg-info': 'Name: x\nVersion: 1\n',
      'opt/y-1.egg-info': 'Name: y\nVersion: 1\n',
    });
    expect(components.map(({ name, ownedBy }) => [name, ownedBy])).toEqual([
      ['p', undefined],
      ['x', 'pkg:deb/debian/p@1?distro=debian-12'],
      ['y', undefined],
    ]);
  });
});

describe('hostile files', () => {
  const paths = [
    STATUS,
    'var/lib/dpkg/status.d/x',
    'var/lib/dpkg/info/x.list',
    'usr/share/doc/x/copyright',
    'lib/apk/db/installed',
    'a/node_modules/x/package.json',
    'a/node_modules/.package-lock.json',
    'a/x.dist-info/METADATA',
    'a/x.dist-info/RECORD',
    'a/x.dist-info/direct_url.json',
    'etc/os-release',
  ];

  test('nothing is thrown, whatever they hold', () => {
    const line = fc.constantFrom(
      'Package: x',
      'Version: 1',
      'Status: a b installed',
      'P:x',
      'V:1',
      'Name: ../x',
      'Version: ',
      '{"name":"x","version":"1","dependencies":[1]}',
      '',
      ' x',
      'License: (((',
      'ID=',
      'ID="é',
      'Depends: |,|(',
      'm:<',
      'Name: \u0000',
    );
    const body = fc.oneof(
      fc.array(line, { maxLength: 12 }).map((lines) => lines.join('\n')),
      fc.uint8Array(),
      fc.json(),
    );
    fc.assert(
      fc.property(fc.dictionary(fc.constantFrom(...paths), body), (files) => {
        for (const { purl } of catalogFiles(files).components) expect(purl).toMatch(/^pkg:/);
      }),
      { numRuns: 400 },
    );
  });

  test('time grows with the size, not with its square', () => {
    const long = (size: number) => ({
      [STATUS]: `Package: x\nVersion: 1\nDepends: ${'a | '.repeat(size)}\n${' x\n'.repeat(size)}`,
      'usr/share/doc/x/copyright': `License: ${'('.repeat(size)}\n${' and or ,'.repeat(size)}`,
      'lib/apk/db/installed': `P:x\nV:1\nL:${'MIT and '.repeat(size)}\nm:${'<'.repeat(size)}\nD:${'a '.repeat(size)}\n`,
      'a/x.dist-info/METADATA': `Name: x\nVersion: 1\nLicense: ${'x '.repeat(size)}\n${' y\n'.repeat(size)}Author-email: ${'a,'.repeat(size)}\n`,
      'a/x.dist-info/RECORD': `${'"'.repeat(size)}\n${'a/'.repeat(size)},,\n`,
    });
    const started = cpuTime();
    expect(catalogFiles(long(300_000)).components.length).toBeGreaterThan(0);
    expect(cpuTime() - started).toBeLessThan(5000);
  });

  test('every glob of every cataloger is one that a scan can match', () => {
    for (const { files } of CATALOGERS) for (const glob of files) expect(glob).not.toMatch(/^\/|\/$|\\/);
  });
});
