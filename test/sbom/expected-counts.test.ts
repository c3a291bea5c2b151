import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { catalogFiles } from '../support/catalog-files.ts';
import { shared } from '../support/shared.ts';

interface Row {
  file: string;
  expected: string;
}

const root = shared('sbom');

function rows(prefix: string): Row[] {
  if (!root) return [];
  return readFileSync(join(root, 'index.tsv'), 'utf8')
    .split('\n')
    .map((line) => line.split('\t'))
    .map((columns) => ({ file: columns[0] ?? '', expected: columns[4] ?? '' }))
    .filter(({ file, expected }) => file.startsWith(prefix) && expected !== '-');
}

const read = (file: string) => readFileSync(join(root as string, file));

describe.skipIf(!root)('the databases of ../shared/sbom', () => {
  test.each(rows('apk/'))('$file: $expected', ({ file, expected }) => {
    for (const path of ['lib/apk/db/installed', 'usr/lib/apk/db/installed']) {
      expect(catalogFiles({ [path]: read(file) }).components).toHaveLength(Number(expected));
    }
  });

  const dpkg = rows('dpkg/').filter(({ file }) => /^\d+$/.test(rows(file)[0]?.expected ?? '') && !/opkg/.test(file));
  test.each(dpkg)('$file: $expected', ({ file, expected }) => {
    const name = file.slice(file.lastIndexOf('/') + 1);
    const path = file.includes('status.d') ? `var/lib/dpkg/status.d/${name}` : 'var/lib/dpkg/status';
    // A txtar archive holds the status after its marker line.
    const text = read(file).toString('utf8').split('-- var/lib/dpkg/status --\n').pop() as string;
    expect(catalogFiles({ [path]: text }).components.map(({ name }) => name)).toHaveLength(Number(expected));
  });

  test('a distroless folder with sums and scripts beside the record is one package', () => {
    const folder = rows('dpkg/')
      .map(({ file }) => file)
      .filter((file) => file.startsWith('dpkg/syft-distroless/'));
    expect(folder).toHaveLength(3);
    const files = folder.map((file) => [`var/lib/dpkg/status.d/${file.slice(file.lastIndexOf('/') + 1)}`, read(file)]);
    const { components, problems } = catalogFiles(Object.fromEntries(files));
    expect(components.map(({ purl }) => purl)).toEqual([
      'pkg:deb/debian/libsqlite3-0@3.34.1-3?arch=arm64&upstream=sqlite3',
    ]);
    expect(components[0]?.ownsFiles).toContain('usr/lib/aarch64-linux-gnu/libsqlite3.so.0.8.6');
    expect(problems).toEqual([]);
  });

  test.each([
    ['rpm/sle15-bci.Packages.db', 'usr/lib/sysimage/rpm/Packages.db', 35],
    ['rpm/cbl-mariner-2.0-as-bdb.Packages', 'var/lib/rpm/Packages', 129],
  ])('%s: %s', (file, path, count) => {
    const { components, problems } = catalogFiles({ [path]: read(file) });
    expect(components).toHaveLength(count);
    expect(problems).toEqual([]);
  });

  test('rpm lists the same of the BerkeleyDB', () => {
    const { components } = catalogFiles({ 'var/lib/rpm/Packages': read('rpm/cbl-mariner-2.0-as-bdb.Packages') });
    const ours = components.map(({ name, version, purl }) => {
      const arch = /[?&]arch=([^&]*)/.exec(purl)?.[1] ?? '(none)';
      return `${name} ${version.includes(':') ? version : `0:${version}`} ${arch}`;
    });
    const lines = read('rpm/cbl-mariner-2.0.nevra.txt').toString('utf8').trim().split('\n');
    expect(ours.sort()).toEqual(lines.filter((line) => !line.startsWith('gpg-pubkey')).sort());
  });

  // The counts are of libraries of the type `package`; the runtime that an application brings along is listed, too.
  test.each(rows('dotnet/'))('$file: $expected', ({ file, expected }) => {
    const { components, problems } = catalogFiles({ [`app/${file.slice(file.lastIndexOf('/') + 1)}`]: read(file) });
    const packages = components.filter(({ name }) => !/^Microsoft\.\w+\.App\.Runtime\./.test(name));
    expect(packages).toHaveLength(Number(expected));
    expect(problems).toEqual([]);
  });

  test.each([
    ...rows('conda/').map(({ file }) => [file, `opt/conda/conda-meta/${file.slice(file.lastIndexOf('/') + 1)}`]),
    ...rows('gem/').map(({ file }) => [file, `var/lib/gems/specifications/${file.slice(file.lastIndexOf('/') + 1)}`]),
    ...rows('lua/').map(({ file }) => [file, `usr/lib/luarocks/rocks/${file.slice(file.lastIndexOf('/') + 1)}`]),
  ])('%s: one', (file, path) => {
    const { components, problems } = catalogFiles({ [path as string]: read(file as string) });
    expect(components.map(({ purl }) => purl)).toHaveLength(1);
    expect(problems).toEqual([]);
  });

  test('opkg: 3', () => {
    expect(catalogFiles({ 'usr/lib/opkg/status': read('dpkg/opkg.status') }).components).toHaveLength(3);
  });

  test.each(rows('python/'))('$file: $expected', ({ file, expected }) => {
    const { components } = catalogFiles({ 'usr/lib/python3/site-packages/x.dist-info/METADATA': read(file) });
    expect(components.map(({ name, version }) => `${name} ${version}`)).toEqual([expected]);
  });
});
