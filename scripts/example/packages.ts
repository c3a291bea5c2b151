/** Facts about the packages in the example image, as Debian 12, PyPI and npm state them. Sizes are ours: a cut-down image. */

export interface DebianPackage {
  readonly name: string;
  readonly version: string;
  readonly source?: string;
  readonly architecture: 'amd64' | 'all';
  readonly section: string;
  readonly depends?: string;
  readonly license: string;
  /** Absolute paths without the leading slash, and bytes. */
  readonly files: Readonly<Record<string, number>>;
}

const LIB = 'usr/lib/x86_64-linux-gnu';

export const basePackages: readonly DebianPackage[] = [
  {
    name: 'base-files',
    version: '12.4+deb12u15',
    architecture: 'amd64',
    section: 'admin',
    license: 'GPL-2+',
    files: { 'usr/share/base-files/motd': 286 },
  },
  {
    name: 'bash',
    version: '5.2.15-2+b13',
    source: 'bash (5.2.15-2)',
    architecture: 'amd64',
    section: 'shells',
    depends: 'base-files (>= 2.1.12)',
    license: 'GPL-3+',
    files: { 'usr/bin/bash': 31_000, 'usr/share/man/man1/bash.1.gz': 9_000 },
  },
  {
    name: 'ca-certificates',
    version: '20250419~deb12u2',
    architecture: 'all',
    section: 'misc',
    depends: 'openssl (>= 1.1.1)',
    license: 'MPL-2.0',
    files: { 'usr/sbin/update-ca-certificates': 5_300 },
  },
  {
    name: 'coreutils',
    version: '9.1-1',
    architecture: 'amd64',
    section: 'utils',
    license: 'GPL-3+',
    files: { 'usr/bin/cp': 12_000, 'usr/bin/ls': 11_000, 'usr/bin/rm': 6_000, 'usr/bin/chown': 6_000 },
  },
  {
    name: 'libc6',
    version: '2.36-9+deb12u14',
    source: 'glibc',
    architecture: 'amd64',
    section: 'libs',
    license: 'LGPL-2.1+',
    files: { [`${LIB}/libc.so.6`]: 62_000, [`${LIB}/libm.so.6`]: 18_000 },
  },
  {
    name: 'libssl3',
    version: '3.0.22-1~deb12u2',
    source: 'openssl',
    architecture: 'amd64',
    section: 'libs',
    depends: 'libc6 (>= 2.34)',
    license: 'Apache-2.0',
    files: { [`${LIB}/libcrypto.so.3`]: 44_000, [`${LIB}/libssl.so.3`]: 9_000 },
  },
  {
    name: 'openssl',
    version: '3.0.22-1~deb12u2',
    architecture: 'amd64',
    section: 'utils',
    depends: 'libc6 (>= 2.34), libssl3 (>= 3.0.9)',
    license: 'Apache-2.0',
    files: { 'usr/bin/openssl': 11_000 },
  },
  {
    name: 'zlib1g',
    version: '1:1.2.13.dfsg-1',
    source: 'zlib',
    architecture: 'amd64',
    section: 'libs',
    depends: 'libc6 (>= 2.14)',
    license: 'Zlib',
    files: { [`${LIB}/libz.so.1.2.13`]: 5_000 },
  },
];

export const addedPackages: readonly DebianPackage[] = [
  {
    name: 'curl',
    version: '7.88.1-10+deb12u15',
    architecture: 'amd64',
    section: 'web',
    depends: 'libc6 (>= 2.34), libcurl4 (= 7.88.1-10+deb12u15), zlib1g (>= 1:1.1.4)',
    license: 'curl',
    files: { 'usr/bin/curl': 12_000 },
  },
  {
    name: 'libcurl4',
    version: '7.88.1-10+deb12u15',
    source: 'curl',
    architecture: 'amd64',
    section: 'libs',
    depends: 'libc6 (>= 2.34), libnghttp2-14 (>= 1.50.0), libssl3 (>= 3.0.0), zlib1g (>= 1:1.1.4)',
    license: 'curl',
    files: { [`${LIB}/libcurl.so.4.8.0`]: 19_000 },
  },
  {
    name: 'libnghttp2-14',
    version: '1.52.0-1+deb12u3',
    source: 'nghttp2',
    architecture: 'amd64',
    section: 'libs',
    depends: 'libc6 (>= 2.17)',
    license: 'Expat',
    files: { [`${LIB}/libnghttp2.so.14.24.1`]: 7_000 },
  },
  {
    name: 'nodejs',
    version: '18.20.4+dfsg-1~deb12u3',
    architecture: 'amd64',
    section: 'javascript',
    depends: 'libc6 (>= 2.34), libssl3 (>= 3.0.0), zlib1g (>= 1:1.1.4)',
    license: 'Expat',
    files: { 'usr/bin/node': 96_000 },
  },
  {
    name: 'npm',
    version: '9.2.0~ds1-1',
    architecture: 'all',
    section: 'javascript',
    depends: 'ca-certificates, nodejs',
    license: 'Artistic-2.0',
    files: { 'usr/share/nodejs/npm/bin/npm-cli.js': 3_000 },
  },
];

export interface PythonPackage {
  readonly name: string;
  readonly version: string;
  readonly license: string;
  readonly requires: readonly string[];
  readonly bytes: number;
}

/** What `pip install flask gunicorn==23.0.0` brings. */
export const pythonPackages: readonly PythonPackage[] = [
  { name: 'blinker', version: '1.9.0', license: 'MIT', requires: [], bytes: 2_600 },
  { name: 'click', version: '8.3.0', license: 'BSD-3-Clause', requires: [], bytes: 14_000 },
  {
    name: 'flask',
    version: '3.1.2',
    license: 'BSD-3-Clause',
    requires: [
      'blinker>=1.9.0',
      'click>=8.1.3',
      'itsdangerous>=2.2.0',
      'jinja2>=3.1.2',
      'markupsafe>=2.1.1',
      'werkzeug>=3.1.0',
    ],
    bytes: 13_000,
  },
  { name: 'gunicorn', version: '23.0.0', license: 'MIT', requires: ['packaging'], bytes: 11_000 },
  { name: 'itsdangerous', version: '2.2.0', license: 'BSD-3-Clause', requires: [], bytes: 3_000 },
  { name: 'jinja2', version: '3.1.6', license: 'BSD-3-Clause', requires: ['MarkupSafe>=2.0'], bytes: 17_000 },
  { name: 'markupsafe', version: '3.0.3', license: 'BSD-3-Clause', requires: [], bytes: 4_000 },
  { name: 'packaging', version: '25.0', license: 'Apache-2.0 OR BSD-2-Clause', requires: [], bytes: 8_000 },
  { name: 'werkzeug', version: '3.1.3', license: 'BSD-3-Clause', requires: ['MarkupSafe>=2.1.1'], bytes: 22_000 },
];

export interface NodePackage {
  readonly name: string;
  readonly version: string;
  readonly license: string;
  readonly dependencies: Readonly<Record<string, string>>;
  readonly bytes: number;
}

/** What `npm install` makes of `debug: ^4.4.0`. */
export const nodePackages: readonly NodePackage[] = [
  { name: 'debug', version: '4.4.3', license: 'MIT', dependencies: { ms: '^2.1.3' }, bytes: 6_000 },
  { name: 'ms', version: '2.1.3', license: 'MIT', dependencies: {}, bytes: 3_000 },
];
