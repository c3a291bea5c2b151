import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, test } from 'vitest';
import { catalogFiles } from '../support/catalog-files.ts';
import type { Files } from '../support/memory-tree.ts';
import { shared } from '../support/shared.ts';

const purls = (files: Files) => catalogFiles(files).components.map(({ purl }) => purl);

describe('Homebrew', () => {
  const cellar = 'home/linuxbrew/.linuxbrew/Cellar';
  const formula = (...lines: string[]) => `class X < Formula\n${lines.map((line) => `  ${line}\n`).join('')}end\n`;
  const receipt = (tap: string, ...needs: string[]) =>
    JSON.stringify({ source: { tap }, runtime_dependencies: needs.map((full_name) => ({ full_name, version: '1' })) });

  test('a keg for each name and version', () => {
    const { components, problems } = catalogFiles({
      [`${cellar}/jq/1.7.1/.brew/jq.rb`]: formula(
        'desc "Lightweight and flexible command-line JSON processor"',
        'homepage "https://jqlang.github.io/jq/"',
        'license "MIT"',
        'depends_on "autoconf" => :build',
        'depends_on "oniguruma"',
      ),
      [`${cellar}/jq/1.7.1/INSTALL_RECEIPT.json`]: receipt('homebrew/core', 'oniguruma'),
      [`${cellar}/oniguruma/6.9.9_1/.brew/oniguruma.rb`]: formula('license "BSD-2-Clause"'),
      [`${cellar}/tool/2.0/INSTALL_RECEIPT.json`]: receipt('acme/tap'),
    });
    expect(problems).toEqual([]);
    expect(components.map(({ purl, concludedLicense, dependsOn }) => [purl, concludedLicense, dependsOn])).toEqual([
      ['pkg:brew/acme/tap/tool@2.0', undefined, []],
      ['pkg:brew/jq@1.7.1', 'MIT', ['pkg:brew/oniguruma@6.9.9_1']],
      ['pkg:brew/oniguruma@6.9.9_1', 'BSD-2-Clause', []],
    ]);
    expect(components[1]).toMatchObject({ homepage: 'https://jqlang.github.io/jq/', knowsDependencies: true });
  });

  test.each([
    ['license any_of: ["MIT", "Apache-2.0"]', 'MIT OR Apache-2.0'],
    ['license all_of: [\n    "GPL-2.0-or-later",\n    "MIT",\n  ]', 'GPL-2.0-or-later AND MIT'],
    ['license "GPL-3.0-or-later" => { with: "GCC-exception-3.1" }', 'GPL-3.0-or-later WITH GCC-exception-3.1'],
    ['license :public_domain', undefined],
    ['license any_of: ["MIT", { all_of: ["X", "Y"] }]', undefined],
  ])('%s', (line, expected) => {
    const { components } = catalogFiles({ [`${cellar}/x/1/.brew/x.rb`]: formula(line) });
    expect(components[0]?.concludedLicense).toBe(expected);
    expect(components[0]?.declaredLicense).toBeDefined();
  });

  test('a formula of a tap is not installed', () => {
    expect(purls({ 'opt/homebrew/Library/Taps/acme/homebrew-tap/Formula/x.rb': formula('license "MIT"') })).toEqual([]);
  });
});

describe('snaps', () => {
  test('a base snap as the root', () => {
    const files = {
      'etc/os-release': 'ID=ubuntu\nVERSION_ID="20.04"\n',
      'usr/share/snappy/dpkg.yaml': 'packages:\n- adduser=3.118ubuntu2\n- gcc-10-base:amd64=10.5.0-1ubuntu1~20.04\n',
    };
    expect(purls(files)).toEqual([
      'pkg:deb/ubuntu/adduser@3.118ubuntu2?distro=ubuntu-20.04',
      'pkg:deb/ubuntu/gcc-10-base@10.5.0-1ubuntu1~20.04?arch=amd64&distro=ubuntu-20.04',
    ]);
  });

  test('one that was unpacked, and what it was staged from', () => {
    const files = {
      'etc/os-release': 'ID=debian\nVERSION_ID="12"\n',
      'snap/hello/current/meta/snap.yaml': 'name: hello\nversion: 2.10\nsummary: GNU Hello\nlicense: GPL-3.0\n',
      'snap/hello/current/snap/manifest.yaml':
        'name: hello\nversion: "2.10"\nbase: core22\nprimed-stage-packages:\n- libfoo1=1.2-3\nparts:\n  a:\n    stage-packages:\n    - libfoo1=1.2-3\n    - libbar=2\n',
    };
    expect(purls(files)).toEqual([
      'pkg:deb/ubuntu/libbar@2?distro=ubuntu-22.04',
      'pkg:deb/ubuntu/libfoo1@1.2-3?distro=ubuntu-22.04',
      'pkg:generic/snap/hello@2.10',
    ]);
  });

  test.skipIf(!shared('sbom/snap'))('the lists of ../shared/sbom', () => {
    const read = (name: string) => readFileSync(join(shared('sbom/snap') as string, name));
    expect(purls({ 'usr/share/snappy/dpkg.yaml': read('dpkg.yaml') })).toHaveLength(3);
    expect(purls({ 'usr/share/snappy/dpkg.yaml': read('real-dpkg.yaml') })).toHaveLength(10);
  });
});

test('Bottlerocket: the inventory of its build', () => {
  const inventory = {
    Content: [
      {
        Name: 'kernel-6.1',
        Publisher: 'Bottlerocket',
        Version: '6.1.66',
        Release: '1.1702000000.br1',
        Epoch: '0',
        Architecture: 'x86_64',
        Url: 'https://www.kernel.org/',
        Summary: 'The Linux kernel',
      },
      { Name: 'glibc', Version: '2.38', Release: '1', Epoch: '1', Architecture: 'x86_64' },
      { Name: 'nothing' },
    ],
  };
  const { components } = catalogFiles({
    'etc/os-release': 'ID=bottlerocket\nVERSION_ID=1.17.0\n',
    'usr/share/bottlerocket/application-inventory.json': JSON.stringify(inventory),
  });
  expect(components.map(({ purl, version }) => [purl, version])).toEqual([
    ['pkg:rpm/bottlerocket/glibc@2.38-1?arch=x86_64&distro=bottlerocket-1.17.0&epoch=1', '1:2.38-1'],
    [
      'pkg:rpm/bottlerocket/kernel-6.1@6.1.66-1.1702000000.br1?arch=x86_64&distro=bottlerocket-1.17.0',
      '6.1.66-1.1702000000.br1',
    ],
  ]);
});

test('Container-Optimized OS: what is installed, not what it was built with', () => {
  const list = {
    installedPackages: [{ category: 'app-arch', name: 'gzip', version: '1.9', ebuild_version: '1.9-r3' }],
    buildTimePackages: [{ category: 'dev-lang', name: 'go', version: '1.21' }],
  };
  const files = { 'etc/os-release': 'ID=cos\nVERSION_ID=105\n', 'etc/cos-package-info.json': JSON.stringify(list) };
  expect(purls(files)).toEqual(['pkg:cos/app-arch/gzip@1.9-r3?distro=cos-105']);
  expect(catalogFiles({ 'etc/cos-package-info.json': '[]' }).problems).toHaveLength(1);
});

describe('where rpms came from', () => {
  const folder = mkdtempSync(join(tmpdir(), 'dlint-dnf-'));
  afterAll(() => rmSync(folder, { recursive: true }));

  /** A database of rpm with one package, `zlib-1:1.2.11-3.x86_64`, as python3 writes SQLite. */
  function databases(): Files {
    execFileSync('python3', ['-c', MAKE, folder]);
    return {
      'etc/os-release': 'ID=rhel\nVERSION_ID="9.3"\n',
      'var/lib/rpm/rpmdb.sqlite': readFileSync(join(folder, 'rpmdb.sqlite')),
      'var/lib/dnf/history.sqlite': readFileSync(join(folder, 'history.sqlite')),
    };
  }

  test('by the history of dnf 4, the last transaction counts', () => {
    const { components } = catalogFiles(databases());
    expect(components.map(({ purl, repository }) => [purl, repository])).toEqual([
      ['pkg:rpm/redhat/zlib@1.2.11-3?arch=x86_64&distro=rhel-9.3&epoch=1', 'rhel-9-for-x86_64-baseos-rpms'],
    ]);
  });

  test('by the state of dnf 5', () => {
    const { 'var/lib/dnf/history.sqlite': _, ...files } = databases();
    const toml = '[nevras."zlib-1:1.2.11-3.x86_64"]\nfrom_repository = "updates"\n';
    const { components } = catalogFiles({ ...files, 'usr/lib/sysimage/libdnf5/nevras.toml': toml });
    expect(components[0]?.repository).toBe('updates');
  });

  test('content sets and extended support are of the distribution', () => {
    const { distro } = catalogFiles({
      'etc/os-release': 'ID=rhel\nVERSION_ID="9.3"\n',
      'root/buildinfo/content_manifests/ubi9.json': '{"content_sets":["rhel-9-baseos","rhel-9-appstream"]}',
      'usr/share/buildinfo/other.json': '{"content_sets":["rhel-9-baseos"]}',
    });
    expect(distro?.contentSets).toEqual(['rhel-9-appstream', 'rhel-9-baseos']);
    const pro = (status: string) => ({
      'etc/os-release': 'ID=ubuntu\nVERSION_ID="16.04"\n',
      'var/lib/ubuntu-advantage/status.json': JSON.stringify({ services: [{ name: 'esm-infra', status }] }),
    });
    expect(catalogFiles(pro('enabled')).distro?.hasExtendedSupport).toBe(true);
    expect(catalogFiles(pro('disabled')).distro?.hasExtendedSupport).toBeUndefined();
  });
});

const MAKE = `
import sqlite3, struct, sys, os
def header(fields):
    index, store = b'', b''
    for tag, kind, value in fields:
        if kind == 4:
            store += b'\\0' * (-len(store) % 4)
        index += struct.pack('>IIII', tag, kind, len(store), 1)
        store += struct.pack('>I', value) if kind == 4 else value.encode() + b'\\0'
    return struct.pack('>II', len(fields), len(store)) + index + store
blob = header([(1000, 6, 'zlib'), (1001, 6, '1.2.11'), (1002, 6, '3'), (1003, 4, 1), (1022, 6, 'x86_64')])
c = sqlite3.connect(os.path.join(sys.argv[1], 'rpmdb.sqlite'))
c.execute('drop table if exists Packages')
c.execute('create table Packages (hnum integer primary key autoincrement, blob blob not null)')
c.execute('insert into Packages values (1, ?)', (blob,)); c.commit()
h = sqlite3.connect(os.path.join(sys.argv[1], 'history.sqlite'))
for table in ('rpm', 'repo', 'trans_item'): h.execute('drop table if exists ' + table)
h.execute('create table rpm (item_id integer unique not null, name text not null, epoch integer not null, version text not null, release text not null, arch text not null)')
h.execute('create table repo (id integer primary key, repoid text not null)')
h.execute('create table trans_item (id integer primary key autoincrement, trans_id integer, item_id integer, repo_id integer, action integer not null, reason integer not null, state integer not null)')
h.execute("insert into rpm values (7, 'zlib', 1, '1.2.11', '3', 'x86_64')")
h.executemany('insert into repo values (?, ?)', [(1, 'anaconda'), (2, 'rhel-9-for-x86_64-baseos-rpms')])
h.executemany('insert into trans_item values (?, ?, 7, ?, 1, 2, 1)', [(1, 1, 1), (2, 2, 2)]); h.commit()
`;
