import { readdirSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { catalog } from '../../src/sbom/catalog.ts';
import { LOCK_FILES } from '../../src/sbom/lock-files/index.ts';
import { catalogFiles } from '../support/catalog-files.ts';
import { type Files, memoryView } from '../support/memory-tree.ts';
import { shared } from '../support/shared.ts';

const root = shared('sbom');
const rows = root
  ? readFileSync(join(root, 'index.tsv'), 'utf8')
      .trim()
      .split('\n')
      .slice(1)
      .map((line) => line.split('\t'))
      .map(([file = '', , , , expected = '']) => ({ file, expected }))
  : [];
const read = (file: string) => readFileSync(join(root as string, file));
const nameOf = (file: string) => file.slice(file.lastIndexOf('/') + 1);

/** Rows that other tests hold to account one by one, and which. */
const ELSEWHERE: readonly (readonly [RegExp, string])[] = [
  [/^binary-snippets\//, 'binary.test.ts'],
  [/^purl-(tests|types)\//, 'conformance/purl.test.ts'],
  [/^os-release(-\w+)?\//, 'distro.test.ts'],
  [/^(apk|dotnet|lua)\//, 'expected-counts.test.ts'],
  [/^dpkg\/(?!copyright\/)/, 'expected-counts.test.ts'],
  [/^conda\//, 'expected-counts.test.ts'],
  [/^gem\/trivy\//, 'expected-counts.test.ts'],
  [/^rpm\/(sle15|cbl)/, 'expected-counts.test.ts'],
  [/^snap\//, 'system-records.test.ts'],
  [/^npm\/package-json\//, 'catalogers.test.ts'],
  [/^dpkg\/copyright\//, 'catalogers.test.ts'],
  [/^python\/scalibr\/monotonic/, 'embedded-records.test.ts'],
];

/** A file where an image has it → what is in it, `name version` each. A number is a count alone. */
type Case = readonly [file: string, path: string, found: readonly string[] | number];
const site = 'usr/lib/python3/site-packages';

const CASES: readonly Case[] = [
  ['conda-trivy/_libgcc_mutex-0.1-main.json', 'opt/conda/conda-meta/a.json', ['_libgcc_mutex 0.1']],
  ['conda-trivy/libgomp-11.2.0-h1234567_1.json', 'opt/conda/conda-meta/a.json', ['libgomp 11.2.0']],
  ['conda-trivy/invalid_package.json', 'opt/conda/conda-meta/a.json', []],
  ['gem/syft/formatador.gemspec', 'usr/lib/ruby/gems/3.1.0/specifications/formatador.gemspec', ['formatador 1.1.0']],
  [
    'php-pear/memcached-v5-format.reg',
    'usr/share/php/.registry/.channel.pecl.php.net/memcached.reg',
    ['memcached 3.2.0'],
  ],
  [
    'homebrew/install-example/opt/homebrew/Library/Taps/testorg/sometap/Formula/bar.rb',
    'opt/homebrew/Library/Taps/testorg/sometap/Formula/bar.rb',
    [],
  ],
  ['python/scalibr/mixed_case', `${site}/x.dist-info/METADATA`, ['httplib2 1.0']],
  ['python/scalibr/pyopenssl-26.0.0.dist-info', `${site}/x.dist-info/METADATA`, ['pyOpenSSL 26.0.0']],
  ['python/scalibr/repeated_pkginfo', `${site}/x.dist-info/METADATA`, ['root 1.0.0']],
  ['python/scalibr/special_chars', `${site}/x.dist-info/METADATA`, ['backports.ssl_match_hostname 3.5.0.1']],
];

/** Lock files: names beside them are what the format wants; counts of distinct packages. */
const LOCKS: readonly Case[] = [
  ['erlang/rebar.lock', 'rebar.lock', 7],
  ['erlang/rebar-2.lock', 'rebar.lock', 8],
  ['npm/pkg-lock/array-license-package-lock.json', 'package-lock.json', 2],
  ['npm/pkg-lock/nested-package-lock-1.json', 'package-lock.json', 8],
  ['npm/pkg-lock/package-lock-2.json', 'package-lock.json', 5],
  ['npm/pkg-lock/package-lock-3.json', 'package-lock.json', 5],
  ['npm/pnpm/pnpm-lock.yaml', 'pnpm-lock.yaml', 1],
  ['npm/pnpm-v9/pnpm-lock.yaml', 'pnpm-lock.yaml', 4],
  ['npm/yarn/yarn.lock', 'yarn.lock', 9],
  ['npm/yarn-berry/yarn.lock', 'yarn.lock', 8],
  ['npm/trivy-lock/package-lock_v3_with-same-dev-and-non-dev.json', 'package-lock.json', 4],
  ['npm/trivy-lock/package-lock_v3_with_peer.json', 'package-lock.json', 5],
  ['npm/trivy-lock/package-lock_v3_with_workspace.json', 'package-lock.json', 4],
  ['npm/trivy-bun/bun_invalid.lock', 'bun.lock', 0],
];

/** Folders that are part of a root file system. */
const FOLDERS: readonly (readonly [folder: string, found: readonly string[]])[] = [
  ['alpm/installed', ['emacs 29.3-3', 'fuzzy 1.2-3', 'gmp 6.2.1-2', 'madeup 20.30-4', 'tree-sitter 0.22.6-1']],
  ['portage/layout', ['app-containers/skopeo 1.5.1']],
  ['portage/layout-license-groups', []],
  ['portage/glob-paths', []],
  ['portage/license-groups', []],
  ['nix/fixture-1', ['glibc 2.34-210']],
  ['nix/image-nixos-jq-pkg-store', []],
  ['python/syft-site-packages', ['Pygments 2.6.1', 'Pygments 2.6.1', 'requests 2.22.0']],
  [
    'python/snyk-extras',
    [
      'anyio 4.6.2.post1',
      'certifi 2024.8.30',
      'click 8.1.7',
      'dnspython 2.7.0',
      'email_validator 2.2.0',
      'fastapi 0.115.4',
      'httpcore 1.0.6',
      'Jinja2 3.1.4',
      'pip 24.2',
      'Pygments 2.18.0',
      'python-multipart 0.0.17',
      'rich 13.9.4',
      'shellingham 1.5.4',
      'sniffio 1.3.1',
      'typer 0.13.0',
      'uvicorn 0.32.0',
      'websockets 14.1',
    ],
  ],
  // A folder `…dist-info copy` is none of Python's, and what is in it is not installed.
  ['python/snyk-cyclic', ['Jinja2 3.1.2', 'MarkupSafe 2.1.1', 'rpc.py 0.4.2', 'setuptools 63.2.0', 'Werkzeug 2.2.1']],
];

const PYTHON_TRIVY = rows.filter(({ file }) => file.startsWith('python/trivy/'));

function filesOf(folder: string, at = ''): Files {
  const names = readdirSync(join(root as string, folder), { recursive: true, encoding: 'utf8' });
  const files = names.filter((name) => statSync(join(root as string, folder, name)).isFile());
  return Object.fromEntries(files.map((name) => [`${at}${name}`, read(`${folder}/${name}`)]));
}

const listed = (files: Files) => catalogFiles(files).components.map(({ name, version }) => `${name} ${version}`);

describe.skipIf(!root)('every row of ../shared/sbom/index.tsv', () => {
  test.each(CASES)('%s', (file, path, found) => {
    expect(listed({ [path]: read(file) })).toEqual(found);
  });

  test.each(LOCKS)('%s', (file, path, found) => {
    const { components } = catalog(memoryView({ [path]: read(file).toString('utf8') }), LOCK_FILES);
    expect(components).toHaveLength(found as number);
  });

  test.each(FOLDERS)('%s', (folder, found) => {
    const at = folder.startsWith('python/') ? `${site}/` : '';
    expect(listed(filesOf(folder, at))).toEqual(found);
  });

  // A reader throws; the scan of a layer makes a problem of that.
  test.each(['rpm/blob.bin', 'rpm/bad/bad.rpm'])('%s: no database', (file) => {
    expect(() => catalogFiles({ 'var/lib/rpm/Packages': read(file) })).toThrow('no rpm database');
  });

  test.each(PYTHON_TRIVY)('$file: $expected', ({ file, expected }) => {
    expect(listed({ [`${site}/x.dist-info/METADATA`]: read(file) })).toEqual([expected]);
  });

  test('none is left out', () => {
    const own = new Set([...CASES, ...LOCKS].map(([file]) => file));
    const left = rows.filter(
      ({ file }) =>
        !own.has(file) &&
        !/^rpm\/(blob\.bin|bad\/)/.test(file) &&
        !ELSEWHERE.some(([pattern]) => pattern.test(file)) &&
        !FOLDERS.some(([folder]) => file.startsWith(`${folder}/`)) &&
        !PYTHON_TRIVY.some((row) => row.file === file),
    );
    expect(rows).toHaveLength(467);
    expect(left).toEqual([]);
  });

  test('every row is a file that is there', () => {
    for (const { file } of rows) expect(statSync(join(root as string, file)).isFile(), nameOf(file)).toBe(true);
  });
});
