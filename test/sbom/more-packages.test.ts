import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import fc from 'fast-check';
import { afterAll, describe, expect, test } from 'vitest';
import { catalogFiles } from '../support/catalog-files.ts';
import { elf } from '../support/elf.ts';
import type { Files } from '../support/memory-tree.ts';
import { pe, versionResource } from '../support/pe.ts';
import { zip } from '../support/zip.ts';

const folder = mkdtempSync(join(tmpdir(), 'dlint-more-'));
afterAll(() => rmSync(folder, { recursive: true }));

const purls = (files: Files) => catalogFiles(files).components.map(({ purl }) => purl);

describe('nix', () => {
  const [glibc, jq, bin, script] = [
    '5av396z8xa13jg89g9jws145c0k26k2x-glibc-2.34-210',
    'h0cnbmfcn93xm5dg2x27ixhag1cwndga-jq-1.6',
    'h1cnbmfcn93xm5dg2x27ixhag1cwndga-jq-1.6-bin',
    'i1cnbmfcn93xm5dg2x27ixhag1cwndga-builder.sh',
  ] as const;
  const store = (...names: readonly string[]) => Object.fromEntries(names.map((name) => [`nix/store/${name}/x`, '']));

  test('the database: hashes, and which refers to which; what is gone is not listed', () => {
    const path = join(folder, 'db.sqlite');
    const code = [
      'import sqlite3,sys',
      'c=sqlite3.connect(sys.argv[1])',
      'c.execute("create table ValidPaths (id integer primary key autoincrement not null, path text unique not null, hash text not null, registrationTime integer not null, deriver text, narSize integer)")',
      'c.execute("create table Refs (referrer integer not null, reference integer not null, primary key (referrer, reference))")',
      'for i, name in enumerate(sys.argv[2:], 1): c.execute("insert into ValidPaths values(?,?,?,1,null,9)", (i, "/nix/store/" + name, "sha256:" + "ab" * 32))',
      'c.executemany("insert into Refs values(?,?)", [(2,1),(3,2),(3,3)])',
      'c.commit()',
    ].join('\n');
    execFileSync('python3', ['-c', code, path, glibc, jq, bin, script, 'j1cnbmfcn93xm5dg2x27ixhag1cwndga-gone-1.0']);
    const { components } = catalogFiles({
      'nix/var/nix/db/db.sqlite': readFileSync(path),
      ...store(glibc, jq, bin, script),
    });
    const jqPurl = 'pkg:nix/jq@1.6?outputhash=h0cnbmfcn93xm5dg2x27ixhag1cwndga';
    expect(components.map(({ purl, dependsOn }) => [purl, dependsOn])).toEqual([
      ['pkg:nix/glibc@2.34-210?outputhash=5av396z8xa13jg89g9jws145c0k26k2x', []],
      ['pkg:nix/jq@1.6?output=bin&outputhash=h1cnbmfcn93xm5dg2x27ixhag1cwndga', [jqPurl]],
      [jqPurl, ['pkg:nix/glibc@2.34-210?outputhash=5av396z8xa13jg89g9jws145c0k26k2x']],
    ]);
    expect(components[0]?.hashes).toEqual([{ algorithm: 'SHA-256', value: 'ab'.repeat(32) }]);
  });

  test('without one, what the folders of the store are called', () => {
    expect(purls(store(glibc, script))).toEqual(['pkg:nix/glibc@2.34-210?outputhash=5av396z8xa13jg89g9jws145c0k26k2x']);
  });
});

test('chiselled Ubuntu: packages and the files of their slices', () => {
  const rows = [
    { jsonwall: '1.0', schema: '1.0', count: 4 },
    { kind: 'content', slice: 'libc6_libs', path: '/usr/lib/libc.so.6' },
    { kind: 'content', slice: 'libc6_libs', path: '/usr/lib/' },
    { kind: 'package', name: 'libc6', version: '2.39-0ubuntu8', sha256: 'cd'.repeat(32), arch: 'amd64' },
    { kind: 'slice', name: 'libc6_libs' },
  ];
  // A zstd frame of one raw block (RFC 8878).
  const text = Buffer.from(rows.map((row) => `${JSON.stringify(row)}\n`).join(''));
  const size = Buffer.alloc(4);
  size.writeUInt32LE(text.length);
  const block = Buffer.alloc(4);
  block.writeUInt32LE((text.length << 3) | 1);
  const wall = Buffer.concat([Buffer.from([0x28, 0xb5, 0x2f, 0xfd, 0xa0]), size, block.subarray(0, 3), text]);
  const files = { 'etc/os-release': 'ID=ubuntu\nVERSION_ID="24.04"\n', 'var/lib/chisel/manifest.wall': wall };
  expect(catalogFiles(files)).toMatchObject({
    problems: [],
    components: [
      {
        purl: 'pkg:deb/ubuntu/libc6@2.39-0ubuntu8?arch=amd64&distro=ubuntu-24.04',
        ownsFiles: ['usr/lib/libc.so.6'],
        hashes: [{ algorithm: 'SHA-256', value: 'cd'.repeat(32) }],
      },
    ],
  });
  expect(catalogFiles({ 'var/lib/chisel/manifest.wall': 'rubbish' }).problems).toHaveLength(1);
});

describe('Linux', () => {
  const module = (...fields: readonly string[]) => elf({ '.modinfo': `${fields.join('\0')}\0` });
  const ext4 = module('name=ext4', 'license=GPL', 'intree=Y', 'vermagic=6.1.0-18-amd64 SMP');

  test('a kernel image', () => {
    const image = Buffer.alloc(4096);
    image.writeUInt16LE(0xaa55, 0x1fe);
    image.write('HdrS', 0x202);
    image.writeUInt16LE(0x300, 0x20e);
    image.write('6.1.0-18-amd64 (debian-kernel@lists.debian.org) #1 SMP\0', 0x500);
    expect(purls({ 'boot/vmlinuz-6.1.0-18-amd64': image })).toEqual(['pkg:generic/linux-kernel@6.1.0-18-amd64']);
    expect(purls({ 'boot/vmlinuz-6.1.0-18-amd64': Buffer.alloc(4096) })).toEqual([]);
  });

  test('modules of its tree are the kernel, others are their own', () => {
    const { components } = catalogFiles({
      'lib/modules/6.1.0-18-amd64/kernel/fs/ext4.ko': ext4,
      'lib/modules/6.1.0-18-amd64/kernel/fs/xfs.ko.xz': Buffer.concat([
        Buffer.from([0xfd, 0x37, 0x7a, 0x58]),
        Buffer.alloc(2000),
      ]),
      'lib/modules/6.1.0-18-amd64/updates/zfs.ko.gz': Buffer.concat([
        gzipSync(
          Buffer.concat([module('name=zfs', 'version=2.1.11', 'license=CDDL-1.0', 'vermagic=6.1.0-18-amd64 SMP')]),
          {
            level: 0,
          },
        ),
      ]),
    });
    expect(components.map(({ purl, concludedLicense }) => [purl, concludedLicense])).toEqual([
      ['pkg:generic/linux-kernel@6.1.0-18-amd64', 'GPL-2.0-only WITH Linux-syscall-note'],
      ['pkg:generic/linux-module/zfs@2.1.11', 'CDDL-1.0'],
    ]);
  });

  test('those of a system package are that package', () => {
    const path = 'lib/modules/6.1.0-18-amd64/kernel/fs/ext4.ko';
    const files = {
      'var/lib/dpkg/status': 'Package: linux\nVersion: 1\n',
      'var/lib/dpkg/info/linux.list': `/${path}\n`,
    };
    expect(purls({ ...files, [path]: ext4 })).toEqual(['pkg:deb/debian/linux@1']);
  });
});

describe('Windows programs and .NET assemblies', () => {
  const program = pe({
    '.rsrc': Buffer.concat([
      Buffer.alloc(64),
      versionResource({
        CompanyName: 'Acme',
        FileDescription: 'A tool',
        FileVersion: '1.2.3.4',
        ProductVersion: '1.2.3-rc.1+abcdef',
      }),
    ]),
  });

  test('by their version resource', () => {
    expect(catalogFiles({ 'app/Tool.exe': program }).components).toMatchObject([
      { purl: 'pkg:generic/Tool@1.2.3-rc.1', supplier: { name: 'Acme' }, description: 'A tool', confidence: 0.5 },
    ]);
    expect(purls({ 'app/Tool.dll': pe({ '.text': Buffer.alloc(10) }) })).toEqual([]);
    expect(purls({ 'usr/lib/python3/site-packages/pip/_vendor/distlib/t64.exe': program })).toEqual([]);
  });

  test('not when .deps.json accounts for them', () => {
    const deps = {
      targets: { '.NETCoreApp,Version=v8.0': { 'Lib/1.0.0': { runtime: { 'lib/net6.0/Lib.dll': {} } } } },
      libraries: { 'Lib/1.0.0': { type: 'package' } },
    };
    const files = {
      'app/App.deps.json': JSON.stringify(deps),
      'app/App.dll': program,
      'app/Lib.dll': program,
      'app/Other.dll': program,
    };
    expect(purls(files)).toEqual(['pkg:generic/Other@1.2.3-rc.1', 'pkg:nuget/Lib@1.0.0']);
  });
});

describe('SBOMs in the image', () => {
  const spdx = (packages: readonly object[], relationships: readonly object[] = []) =>
    JSON.stringify({ spdxVersion: 'SPDX-2.3', packages, relationships });
  const purlRef = (locator: string) => ({ externalRefs: [{ referenceType: 'purl', referenceLocator: locator }] });

  test('what others found is not listed again, whatever the distribution is called there', () => {
    const { components } = catalogFiles({
      'etc/os-release': 'ID=wolfi\nVERSION_ID=20230201\n',
      'lib/apk/db/installed': 'P:zlib\nV:1.3-r0\nA:x86_64\n\n',
      'var/lib/db/sbom/zlib-1.3-r0.spdx.json': spdx(
        [
          { SPDXID: 'p', ...purlRef('pkg:apk/wolfi-base/zlib@1.3-r0?arch=x86_64') },
          { SPDXID: 's', ...purlRef('pkg:npm/source@1.0.0') },
          { SPDXID: 'o', licenseDeclared: 'MIT', ...purlRef('pkg:npm/other@1.0.0') },
        ],
        [
          { spdxElementId: 'p', relationshipType: 'GENERATED_FROM', relatedSpdxElement: 's' },
          { spdxElementId: 'o', relationshipType: 'DEPENDS_ON', relatedSpdxElement: 'p' },
        ],
      ),
    });
    expect(components.map(({ purl, foundBy }) => [purl, foundBy])).toEqual([
      ['pkg:apk/wolfi/zlib@1.3-r0?arch=x86_64&distro=wolfi-20230201', 'apk'],
      ['pkg:npm/other@1.0.0', 'embedded'],
    ]);
    expect(components[1]).toMatchObject({ declaredLicense: 'MIT', confidence: 0.6 });
  });

  test('CycloneDX of a wheel (PEP 770): components, those in them, and what needs what', () => {
    const bom = {
      bomFormat: 'CycloneDX',
      components: [
        {
          'bom-ref': 'a',
          purl: 'pkg:cargo/a@1.0.0',
          licenses: [{ license: { id: 'MIT' } }],
          components: [{ 'bom-ref': 'b', purl: 'pkg:cargo/b@2.0.0' }],
        },
        { 'bom-ref': 'c', purl: 'no purl' },
      ],
      dependencies: [{ ref: 'a', dependsOn: ['b', 'c'] }],
    };
    const { components } = catalogFiles({ 'usr/lib/python3/x.dist-info/sboms/x.json': JSON.stringify(bom) });
    expect(components.map(({ purl, dependsOn }) => [purl, dependsOn])).toEqual([
      ['pkg:cargo/a@1.0.0', ['pkg:cargo/b@2.0.0']],
      ['pkg:cargo/b@2.0.0', []],
    ]);
  });

  test('Bitnami', () => {
    const path = 'opt/bitnami/redis/.spdx-redis.spdx';
    expect(purls({ [path]: spdx([{ SPDXID: 'r', ...purlRef('pkg:bitnami/redis@7.2.4-0?arch=amd64') }]) })).toEqual([
      'pkg:bitnami/redis@7.2.4-0?arch=amd64',
    ]);
    expect(catalogFiles({ [path]: 'SPDXVersion: SPDX-2.3' }).problems).toHaveLength(1);
  });
});

describe('modules of pnpm and yarn', () => {
  test.each(['/c/1.0.0', '/c@1.0.0(react@18.0.0)', "'c@1.0.0'"])(
    'integrity from the lock that pnpm leaves, keys like %s',
    (key) => {
      const lock = `lockfileVersion: '9.0'\n\npackages:\n\n  ${key}:\n    resolution: {integrity: sha512-${Buffer.alloc(64).toString('base64')}}\n    engines: {node: '>=6'}\n\nsnapshots:\n\n  d@1.0.0:\n    resolution: {integrity: sha512-AA==}\n`;
      const { components } = catalogFiles({
        'app/node_modules/.pnpm/lock.yaml': lock,
        'app/node_modules/.pnpm/c@1.0.0/node_modules/c/package.json': '{"name":"c","version":"1.0.0"}',
      });
      expect(components.map(({ purl, hashes }) => [purl, hashes])).toEqual([
        ['pkg:npm/c@1.0.0', [{ algorithm: 'SHA-512', value: '0'.repeat(128) }]],
      ]);
    },
  );

  test('archives of Plug’n’Play', () => {
    const archive = (path: string, manifest: object) => zip({ [path]: JSON.stringify(manifest) });
    const { components } = catalogFiles({
      'app/.yarn/cache/@s-a-npm-1.0.0-x.zip': archive('node_modules/@s/a/package.json', {
        name: '@s/a',
        version: '1.0.0',
        license: 'MIT',
        dependencies: { b: '^2' },
      }),
      'app/.yarn/cache/b-npm-2.1.0-x.zip': archive('node_modules/b/package.json', { name: 'b', version: '2.1.0' }),
      'app/assets/other.zip': archive('node_modules/c/package.json', { name: 'c', version: '1.0.0' }),
    });
    expect(components.map(({ purl, concludedLicense, dependsOn }) => [purl, concludedLicense, dependsOn])).toEqual([
      ['pkg:npm/%40s/a@1.0.0', 'MIT', ['pkg:npm/b@2.1.0']],
      ['pkg:npm/b@2.1.0', undefined, []],
    ]);
  });
});

test('Perl: distributions, and which needs which by the modules they provide', () => {
  const at = (dist: string) => `usr/local/lib/perl5/site_perl/5.36.0/x86_64-linux/.meta/${dist}`;
  const { components, problems } = catalogFiles({
    [`${at('JSON-4.10')}/install.json`]:
      '{"dist":"JSON-4.10","name":"JSON","pathname":"I/IS/ISHIGAKI/JSON-4.10.tar.gz","provides":{"JSON":{}}}',
    [`${at('JSON-4.10')}/MYMETA.json`]:
      '{"license":["perl_5"],"author":["Makamaka <m@example.org>"],"abstract":"JSON en- and decoder"}',
    [`${at('Mojo-Thing-v1.2.3')}/install.json`]:
      '{"dist":"Mojo-Thing-v1.2.3","pathname":"S/SR/SRI/Mojo-Thing-v1.2.3.tar.gz"}',
    [`${at('Mojo-Thing-v1.2.3')}/MYMETA.json`]: '{"prereqs":{"runtime":{"requires":{"JSON":"0","perl":"5.016"}}}}',
  });
  expect(problems).toEqual([]);
  expect(components.map(({ purl, concludedLicense, dependsOn }) => [purl, concludedLicense, dependsOn])).toEqual([
    ['pkg:cpan/ISHIGAKI/JSON@4.10', 'Artistic-1.0-Perl OR GPL-1.0-or-later', []],
    ['pkg:cpan/SRI/Mojo-Thing@1.2.3', undefined, ['pkg:cpan/ISHIGAKI/JSON@4.10']],
  ]);
});

test('nothing is thrown but what is told of a file, whatever these files hold', () => {
  const paths = [
    'var/lib/chisel/manifest.wall',
    'a/x.spdx.json',
    'a/x.cdx.json',
    'a/.meta/x/install.json',
    'a/.meta/x/MYMETA.json',
    'a/node_modules/.pnpm/lock.yaml',
    'a/App.deps.json',
    'nix/store/x',
  ];
  const body = fc.oneof(
    fc.uint8Array(),
    fc.json(),
    fc.constantFrom(
      '{"bomFormat":"CycloneDX","components":[{"purl":"pkg:npm/x@1","components":[1,null]}],"dependencies":[{"dependsOn":[1]}]}',
      '{"spdxVersion":"SPDX-2.3","packages":[{"externalRefs":[{"referenceType":"purl","referenceLocator":"pkg:/"}]}]}',
      'packages:\n  /@/x:\n    resolution: {integrity: sha512-}\n',
      '{"dist":"x-1","pathname":"A/AB/ABC/x-1.tar.gz","provides":[]}',
      '{"targets":{"a":{"b":{"runtime":{"c":1}}}},"libraries":{"/":{"type":"package"}}}',
    ),
  );
  fc.assert(
    fc.property(fc.dictionary(fc.constantFrom(...paths), body), (files) => {
      for (const { purl } of catalogFiles(files).components) expect(purl).toMatch(/^pkg:/);
    }),
    { numRuns: 300 },
  );
});

test('a damaged version resource is none, or has fewer texts', () => {
  const whole = versionResource({ ProductVersion: '1.2.3', CompanyName: 'Acme' });
  fc.assert(
    fc.property(fc.nat({ max: whole.length - 1 }), fc.nat({ max: 255 }), (at, value) => {
      const damaged = Buffer.from(whole);
      damaged[at] = value;
      expect(purls({ 'a.exe': pe({ '.rsrc': damaged }) }).length).toBeLessThanOrEqual(1);
      expect(purls({ 'a.exe': pe({ '.rsrc': whole.subarray(0, at) }) }).length).toBeLessThanOrEqual(1);
    }),
    { numRuns: 500 },
  );
});
