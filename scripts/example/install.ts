import { createHash } from 'node:crypto';
import type { Member } from './archive.ts';
import type { DebianPackage, PythonPackage } from './packages.ts';

const SITE = 'usr/local/lib/python3.13/site-packages';

/** `var/lib/dpkg/status` (deb-control(5)). */
export function dpkgStatus(packages: readonly DebianPackage[]): string {
  const paragraphs = [...packages]
    .sort((a, b) => (a.name < b.name ? -1 : 1))
    .map(({ name, version, source, architecture, section, depends, files }) =>
      [
        `Package: ${name}`,
        'Status: install ok installed',
        'Priority: optional',
        `Section: ${section}`,
        `Installed-Size: ${Math.ceil(Object.values(files).reduce((sum, bytes) => sum + bytes, 0) / 1024)}`,
        'Maintainer: Debian Developers <debian-devel@lists.debian.org>',
        `Architecture: ${architecture}`,
        ...(source ? [`Source: ${source}`] : []),
        `Version: ${version}`,
        ...(depends ? [`Depends: ${depends}`] : []),
        `Description: ${name}, cut down for the example`,
      ].join('\n'),
    );
  return `${paragraphs.join('\n\n')}\n`;
}

export function dpkgFiles({ name, files, license }: DebianPackage): Member[] {
  const programs = Object.entries(files).map(([path, bytes]) => program(path, bytes));
  const copyright: Member = {
    path: `usr/share/doc/${name}/copyright`,
    body: `Format: https://www.debian.org/doc/packaging-manuals/copyright-format/1.0/\nUpstream-Name: ${name}\n\nFiles: *\nCopyright: the authors of ${name}\nLicense: ${license}\n`,
  };
  const owned = [...programs, copyright];
  const sums = owned.map((member) => `${createHash('md5').update(body(member)).digest('hex')}  ${member.path}\n`);
  return [
    ...owned,
    { path: `var/lib/dpkg/info/${name}.list`, body: `/.\n${owned.map(({ path }) => `/${path}\n`).join('')}` },
    { path: `var/lib/dpkg/info/${name}.md5sums`, body: sums.join('') },
  ];
}

/** One wheel as pip installs it: the code and its dist-info (Python packaging specs, "Recording installed projects"). */
export function installedPython({ name, version, license, requires, bytes }: PythonPackage): Member[] {
  const info = `${SITE}/${name}-${version}.dist-info`;
  const code = program(`${SITE}/${name}/__init__.py`, bytes, 0o644);
  const metadata = [
    'Metadata-Version: 2.4',
    `Name: ${name}`,
    `Version: ${version}`,
    `License-Expression: ${license}`,
    ...requires.map((requirement) => `Requires-Dist: ${requirement}`),
  ];
  const record = `${name}/__init__.py,sha256=${sha256(body(code), 'base64url')},${bytes}\n${name}-${version}.dist-info/METADATA,,\n${name}-${version}.dist-info/RECORD,,\n`;
  return [
    code,
    { path: `${info}/METADATA`, body: `${metadata.join('\n')}\n` },
    { path: `${info}/INSTALLER`, body: 'pip\n' },
    { path: `${info}/RECORD`, body: record },
  ];
}

/** A file of `bytes` pseudo-random bytes that depend on its path alone. */
export function program(path: string, bytes: number, mode = 0o755): Member {
  const chunks: Buffer[] = [];
  for (let have = 0; have < bytes; have += 32) chunks.push(createHash('sha256').update(`${path} ${have}`).digest());
  return { path, mode, body: Buffer.concat(chunks).subarray(0, bytes) };
}

function body(member: Member): string | Uint8Array {
  return member.body ?? '';
}

function sha256(bytes: string | Uint8Array, encoding: 'hex' | 'base64url'): string {
  return createHash('sha256').update(bytes).digest(encoding);
}

export function json(value: object): string {
  return `${JSON.stringify(value, undefined, 2)}\n`;
}
