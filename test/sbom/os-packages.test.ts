import { expect, test } from 'vitest';
import { catalogFiles } from '../support/catalog-files.ts';

const desc = (name: string, more = '') => `%NAME%\n${name}\n\n%VERSION%\n1.2-3\n\n%ARCH%\nx86_64\n\n${more}`;

test('pacman: one folder for each package, needs by name and by library', () => {
  const local = 'var/lib/pacman/local';
  const { components, problems } = catalogFiles({
    [`${local}/gmp-1.2-3/desc`]: desc(
      'gmp',
      '%BASE%\ngmp-all\n\n%LICENSE%\nLGPL3\nGPL\n\n%PACKAGER%\nA B <a@b.c>\n\n%URL%\nhttps://gmplib.org/\n\n%PROVIDES%\nlibgmp.so=10-64\n',
    ),
    [`${local}/gmp-1.2-3/files`]: '%FILES%\nusr/\nusr/lib/libgmp.so\n\n%BACKUP%\netc/x\tabc\n',
    [`${local}/coreutils-1.2-3/desc`]: desc('coreutils', '%DEPENDS%\nlibgmp.so=10-64\nglibc>=2\n'),
    [`${local}/broken-1/desc`]: '%NAME%\nbroken\n',
    'etc/os-release': 'ID=arch\n',
  });
  const gmp = 'pkg:alpm/arch/gmp@1.2-3?arch=x86_64&distro=arch&upstream=gmp-all';
  expect(components).toMatchObject([
    { purl: 'pkg:alpm/arch/coreutils@1.2-3?arch=x86_64&distro=arch', dependsOn: [gmp] },
    {
      purl: gmp,
      declaredLicense: 'LGPL3, GPL',
      concludedLicense: 'LGPL-3.0-only AND LicenseRef-GPL',
      supplier: { name: 'A B', email: 'a@b.c' },
      homepage: 'https://gmplib.org/',
      ownsFiles: ['usr/lib/libgmp.so'],
    },
  ]);
  expect(problems).toEqual([{ path: `${local}/broken-1/desc`, message: 'a package without name or version' }]);
});

test('Gentoo: name and version from the folder, its own names of licences', () => {
  const folder = 'var/db/pkg/app-misc/ab-1-2.3_p4-r1';
  const { components, problems } = catalogFiles({
    [`${folder}/CONTENTS`]: `dir /usr\nobj /usr/bin/a b ${'0'.repeat(32)} 1\nsym /usr/bin/c -> a b 1\n`,
    [`${folder}/LICENSE`]: '|| ( BSD GPL-2 )\n',
    [`${folder}/RDEPEND`]: '>=dev-libs/dep-1.0:0= !app-misc/ab ssl? ( dev-libs/none )\n',
    'var/db/pkg/dev-libs/dep-9/CONTENTS': '',
    'var/db/pkg/x/y/CONTENTS': '',
  });
  expect(components).toMatchObject([
    {
      name: 'app-misc/ab-1',
      version: '2.3_p4-r1',
      concludedLicense: 'BSD-3-Clause OR GPL-2.0-only',
      dependsOn: ['pkg:ebuild/dev-libs/dep@9'],
      ownsFiles: ['usr/bin/a b', 'usr/bin/c'],
    },
    { purl: 'pkg:ebuild/dev-libs/dep@9' },
  ]);
  expect(problems).toEqual([{ path: 'var/db/pkg/x/y/CONTENTS', message: 'its folder is no <name>-<version>' }]);
});

test('opkg: what is installed, by status or by control files', () => {
  const record =
    'Package: busybox\nVersion: 1.36-r3\nArchitecture: x86_64\nDepends: libc (>= 1), zlib\nLicense: GPL-2.0-only\n';
  const { components } = catalogFiles({
    'usr/lib/opkg/status': `${record}Status: install user installed\n\nPackage: gone\nVersion: 1\nStatus: deinstall user not-installed\n`,
    'usr/lib/opkg/info/busybox.list': '/bin/busybox\n',
    'usr/lib/opkg/info/busybox.control': record,
    'usr/lib/opkg/info/libc.control': 'Package: libc\nVersion: 2\n',
  });
  expect(components).toMatchObject([
    {
      purl: 'pkg:opkg/busybox@1.36-r3?arch=x86_64',
      concludedLicense: 'GPL-2.0-only',
      dependsOn: ['pkg:opkg/libc@2'],
      ownsFiles: ['bin/busybox'],
      occurrences: ['usr/lib/opkg/status'],
    },
    { purl: 'pkg:opkg/libc@2' },
  ]);
});

test('conda: an environment owns the Python packages that it installed', () => {
  const { components, problems } = catalogFiles({
    'opt/conda/conda-meta/history': '==> 2024 <==',
    'opt/conda/conda-meta/broken.json': '{',
    'opt/conda/conda-meta/six-1.16.0-py_0.json': JSON.stringify({
      name: 'six',
      version: '1.16.0',
      build: 'py_0',
      subdir: 'noarch',
      channel: 'https://conda.anaconda.org/conda-forge/noarch',
      url: 'https://conda.anaconda.org/conda-forge/noarch/six-1.16.0-py_0.tar.bz2',
      license: 'MIT',
      sha256: 'b'.repeat(64),
      depends: ['python >=3'],
      files: ['lib/python3/site-packages/six-1.16.0.dist-info/METADATA'],
    }),
    'opt/conda/lib/python3/site-packages/six-1.16.0.dist-info/METADATA': 'Name: six\nVersion: 1.16.0\n',
  });
  const purl = 'pkg:conda/six@1.16.0?build=py_0&channel=conda-forge&subdir=noarch&type=tar.bz2';
  expect(components).toMatchObject([
    {
      purl,
      declaredLicense: 'MIT',
      hashes: [{ algorithm: 'SHA-256', value: 'b'.repeat(64) }],
      downloadUrl: 'https://conda.anaconda.org/conda-forge/noarch/six-1.16.0-py_0.tar.bz2',
    },
    { purl: 'pkg:pypi/six@1.16.0', ownedBy: purl },
  ]);
  expect(problems).toEqual([{ path: 'opt/conda/conda-meta/broken.json', message: 'no JSON object' }]);
});
