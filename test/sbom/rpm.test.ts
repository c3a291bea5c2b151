import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, test } from 'vitest';
import { catalogFiles } from '../support/catalog-files.ts';

const folder = mkdtempSync(join(tmpdir(), 'dlint-rpm-'));
afterAll(() => rmSync(folder, { recursive: true }));

type Value = string | readonly string[] | readonly number[];

/** A header as rpm's databases keep it (rpm, "RPM V4 Header format"). */
function header(tags: Readonly<Record<number, Value>>): Buffer {
  const index: Buffer[] = [];
  const store: Buffer[] = [];
  let offset = 0;
  for (const [tag, value] of Object.entries(tags)) {
    const isText = typeof value === 'string' || typeof value[0] === 'string';
    const values = typeof value === 'string' ? [value] : value;
    const align = isText ? 0 : (4 - (offset % 4)) % 4;
    const body = Buffer.concat(
      values.map((one) => {
        if (typeof one === 'string') return Buffer.from(`${one}\0`);
        const number = Buffer.alloc(4);
        number.writeUInt32BE(one);
        return number;
      }),
    );
    const entry = Buffer.alloc(16);
    entry.writeUInt32BE(Number(tag), 0);
    entry.writeUInt32BE(typeof value === 'string' ? 6 : isText ? 8 : 4, 4);
    entry.writeUInt32BE(offset + align, 8);
    entry.writeUInt32BE(values.length, 12);
    index.push(entry);
    store.push(Buffer.alloc(align), body);
    offset += align + body.length;
  }
  const lengths = Buffer.alloc(8);
  lengths.writeUInt32BE(index.length, 0);
  lengths.writeUInt32BE(offset, 4);
  return Buffer.concat([lengths, ...index, ...store]);
}

const bash = header({
  1000: 'bash',
  1001: '5.1.8',
  1002: '9.el9',
  1003: [1],
  1014: 'GPLv3+',
  1011: 'Red Hat, Inc.',
  1022: 'x86_64',
  1044: 'bash-5.1.8-9.el9.src.rpm',
  1048: [0, 1 << 24],
  1049: ['libc.so.6()(64bit)', 'rpmlib(FileDigests)'],
  1116: [0, 1],
  1117: ['bash', 'README'],
  1118: ['/usr/bin/', '/usr/share/doc/bash/'],
  273: 'a'.repeat(64),
});
const glibc = header({ 1000: 'glibc', 1001: '2.34', 1002: '60.el9', 1022: 'x86_64', 1047: ['libc.so.6()(64bit)'] });
const key = header({ 1000: 'gpg-pubkey', 1001: 'fd431d51', 1002: '4ae0493b' });

function sqlite(headers: readonly Buffer[]): Buffer {
  const path = join(folder, `${headers.length}.sqlite`);
  const script = [
    'import sqlite3,sys',
    'c=sqlite3.connect(sys.argv[1])',
    'c.execute("create table Packages(hnum integer primary key autoincrement, blob blob not null)")',
    'c.executemany("insert into Packages(blob) values(?)", [(bytes.fromhex(h),) for h in sys.argv[2:]])',
    'c.commit()',
  ];
  execFileSync('python3', ['-c', script.join('\n'), path, ...headers.map((one) => one.toString('hex'))]);
  return readFileSync(path);
}

const release = 'ID="rhel"\nVERSION_ID="9.4"\n';

test('an SQLite database: identity, needs, files; keys are no packages', () => {
  const { components, problems } = catalogFiles({
    'var/lib/rpm/rpmdb.sqlite': sqlite([bash, key, glibc]),
    'etc/os-release': release,
  });
  expect(problems).toEqual([]);
  const glibcPurl = 'pkg:rpm/redhat/glibc@2.34-60.el9?arch=x86_64&distro=rhel-9.4';
  expect(components).toMatchObject([
    {
      name: 'bash',
      version: '1:5.1.8-9.el9',
      purl: 'pkg:rpm/redhat/bash@5.1.8-9.el9?arch=x86_64&distro=rhel-9.4&epoch=1&upstream=bash-5.1.8-9.el9.src.rpm',
      declaredLicense: 'GPLv3+',
      concludedLicense: 'GPL-3.0-or-later',
      supplier: { name: 'Red Hat, Inc.' },
      hashes: [{ algorithm: 'SHA-256', value: 'a'.repeat(64) }],
      ownsFiles: ['usr/bin/bash', 'usr/share/doc/bash/README'],
      dependsOn: [glibcPurl],
    },
    { name: 'glibc', version: '2.34-60.el9', purl: glibcPurl, dependsOn: [] },
  ]);
});

test('the manifest of an image without rpm', () => {
  const line = 'bash\t5.1.8-1.cm2\t1\t2\tMicrosoft Corporation\t(none)\t9\tx86_64\t0\tbash-5.1.8-1.cm2.src.rpm';
  const { components } = catalogFiles({
    'var/lib/rpmmanifest/container-manifest-2': `${line}\n`,
    'etc/os-release': 'ID=mariner\nVERSION_ID="2.0"\n',
  });
  expect(components).toMatchObject([
    {
      purl: 'pkg:rpm/mariner/bash@5.1.8-1.cm2?arch=x86_64&distro=mariner-2.0&upstream=bash-5.1.8-1.cm2.src.rpm',
      supplier: { name: 'Microsoft Corporation' },
    },
  ]);
});

test('what is no database is told, and nothing is thrown', () => {
  expect(() => catalogFiles({ 'var/lib/rpm/Packages': Buffer.alloc(100) })).toThrow('no rpm database');
});
