import { deflateSync } from 'node:zlib';
import { describe, expect, test } from 'vitest';
import { catalogFiles } from '../support/catalog-files.ts';
import { elf, goBuildInfo, note } from '../support/elf.ts';
import type { Files } from '../support/memory-tree.ts';

const purls = (files: Files) => catalogFiles(files).components.map(({ purl }) => purl);

const SUM = `h1:${Buffer.alloc(32, 7).toString('base64')}`;

describe('Go', () => {
  const program = (...lines: string[]) =>
    elf({ '.text': 'x', '.go.buildinfo': goBuildInfo('go1.22.1 X:boringcrypto', lines) });

  test('modules, what replaced them, the standard library; the program needs them all', () => {
    const { components } = catalogFiles({
      'usr/bin/tool': program(
        'path\texample.org/tool/cmd/tool',
        'mod\texample.org/tool\tv1.4.0\t',
        `dep\tgithub.com/a/b/v2\tv2.0.1\t${SUM}`,
        'dep\texample.org/old\tv1.0.0\t',
        '=>\texample.org/fork\tv1.0.1\t',
        'dep\texample.org/local\tv0.3.0\t',
        '=>\t../local\t\t',
      ),
    });
    expect(components.map(({ purl }) => purl)).toEqual([
      'pkg:golang/example.org/fork@v1.0.1',
      'pkg:golang/example.org/local@v0.3.0',
      'pkg:golang/example.org/tool@v1.4.0',
      'pkg:golang/github.com/a/b/v2@v2.0.1',
      'pkg:golang/stdlib@1.22.1',
    ]);
    const [fork, local, tool, b, stdlib] = components;
    expect(tool?.dependsOn).toEqual([fork?.purl, local?.purl, b?.purl, stdlib?.purl]);
    expect(b).toMatchObject({
      hashes: [{ algorithm: 'SHA-256', value: '07'.repeat(32) }],
      sourceUrl: 'https://github.com/a/b',
      evidence: ['usr/bin/tool'],
    });
  });

  test.each([
    [['build\t-ldflags="-s -w -X main.version=1.2.3"'], '@v1.2.3'],
    [
      ['build\tvcs.revision=0123456789abcdef', 'build\tvcs.time=2024-01-02T03:04:05Z'],
      '@v0.0.0-20240102030405-0123456789ab',
    ],
    [[], ''],
  ])('the version of a program that was built in its own tree: %j', (settings, version) => {
    expect(purls({ 'bin/x': program('mod\texample.org/x\t(devel)\t', ...settings) })).toContain(
      `pkg:golang/example.org/x${version}`,
    );
  });

  test('one library in two programs is one component', () => {
    const dep = 'dep\texample.org/b\tv1.0.0\t';
    const { components } = catalogFiles({ 'bin/a': program(dep), 'bin/b': program(dep) });
    expect(components.map(({ name, occurrences }) => [name, occurrences])).toEqual([
      ['example.org/b', ['bin/a', 'bin/b']],
      ['stdlib', ['bin/a', 'bin/b']],
    ]);
  });

  test('a program that a classifier knows is one component, with the version that it says itself', () => {
    const traefik = Buffer.concat([
      program('mod\tgithub.com/traefik/traefik/v3\t(devel)\t'),
      Buffer.from('\0v3.1.4\0'),
    ]);
    expect(purls({ 'usr/local/bin/traefik': traefik })).toEqual([
      'pkg:golang/github.com/traefik/traefik/v3@v3.1.4',
      'pkg:golang/stdlib@1.22.1',
    ]);
  });

  test('a build without modules has the standard library alone', () => {
    expect(purls({ 'bin/a': elf({ '.go.buildinfo': goBuildInfo('go1.19', []) }) })).toEqual(['pkg:golang/stdlib@1.19']);
  });
});

describe('Rust', () => {
  const auditable = (packages: readonly object[]) =>
    elf({ '.dep-v0': deflateSync(Buffer.from(JSON.stringify({ packages }))) });

  test('crates that are in the program, and which needs which', () => {
    const { components } = catalogFiles({
      'bin/app': auditable([
        { name: 'cc', version: '1.0.0', source: 'crates.io', kind: 'build' },
        { name: 'app', version: '0.1.0', source: 'local', root: true, dependencies: [0, 2] },
        { name: 'serde', version: '1.0.2', source: 'crates.io' },
      ]),
    });
    expect(components.map(({ purl, dependsOn, downloadUrl }) => [purl, dependsOn, downloadUrl])).toEqual([
      ['pkg:cargo/app@0.1.0', ['pkg:cargo/serde@1.0.2'], undefined],
      ['pkg:cargo/serde@1.0.2', [], 'https://crates.io/api/v1/crates/serde/1.0.2/download'],
    ]);
  });

  test('what is no list of crates is none', () => {
    expect(purls({ 'bin/a': auditable([]) })).toEqual([]);
    expect(purls({ 'bin/a': elf({ '.dep-v0': deflateSync('[]') }) })).toEqual([]);
  });
});

describe('the note of a package in a program', () => {
  const noted = (fields: object) => elf({ '.note.package': note('FDO', 0xcafe1a7e, JSON.stringify(fields)) });
  const systemd = noted({
    type: 'rpm',
    name: 'systemd',
    version: '255-1.fc40',
    os: 'fedora',
    osVersion: '40',
    architecture: 'x86_64',
  });

  test('where no database tells of it', () => {
    expect(purls({ 'usr/bin/systemctl': systemd })).toEqual([
      'pkg:rpm/fedora/systemd@255-1.fc40?arch=x86_64&distro=fedora-40',
    ]);
    expect(purls({ 'usr/bin/x': noted({ name: 'x' }) })).toEqual([]);
  });

  test('not beside the database of its kind, nor when a system package owns the program', () => {
    expect(purls({ 'usr/bin/systemctl': systemd, 'var/lib/rpm/x': '' })).toEqual([]);
    const owned = {
      'var/lib/dpkg/status': 'Package: p\nVersion: 1\n',
      'var/lib/dpkg/info/p.list': '/usr/bin/systemctl\n',
      'usr/bin/systemctl': systemd,
    };
    expect(purls(owned)).toEqual(['pkg:deb/debian/p@1']);
  });
});

describe('Java runtimes', () => {
  const release = (...lines: string[]) => ({ 'opt/java/release': lines.join('\n'), 'opt/java/bin/java': 'x' });

  test.each([
    [
      [
        'IMPLEMENTOR="Eclipse Adoptium"',
        'JAVA_VERSION="17.0.9"',
        'JAVA_RUNTIME_VERSION="17.0.9+9"',
        'IMAGE_TYPE="JDK"',
      ],
      'pkg:generic/eclipse-adoptium/jdk@17.0.9%2B9',
    ],
    [['JAVA_VERSION="1.8.0_392"', 'IMAGE_TYPE="JRE"'], 'pkg:generic/jre@1.8.0_392'],
    [
      ['GRAALVM_VERSION="22.3"', 'JAVA_VERSION="17.0.5"', 'IMPLEMENTOR="GraalVM Community"'],
      'pkg:generic/graalvm-community/graalvm@17.0.5',
    ],
  ])('%j', (lines, purl) => expect(purls(release(...lines))).toEqual([purl]));

  test('a runtime is one component, by its release file before what its programs say', () => {
    const java = Buffer.from('openjdk\x0017.0.9+9\0');
    expect(purls({ ...release('JAVA_VERSION="17.0.9"', 'IMAGE_TYPE="JDK"'), 'opt/java/bin/java': java })).toEqual([
      'pkg:generic/jdk@17.0.9',
    ]);
    expect(purls({ 'opt/java/bin/java': java })).toEqual(['pkg:generic/oracle/openjdk@17.0.9%2B9']);
  });

  test('another file of this name is none', () => expect(purls(release('VERSION=1'))).toEqual([]));
});
