import { readdirSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import binary from '../../src/sbom/catalogers/binary.ts';
import { CLASSIFIERS } from '../../src/sbom/classifiers.ts';
import { catalogFiles } from '../support/catalog-files.ts';
import { type Files, memoryView } from '../support/memory-tree.ts';
import { shared } from '../support/shared.ts';

const context = { distro: undefined, problem: () => {}, once: <T>(_: unknown, read: () => T) => read() };

function versions(files: Files): string[] {
  return [...binary.catalog(memoryView(files, 1, [binary]), context)].map(({ name, version }) => `${name} ${version}`);
}

test('the version of a program without a package', () => {
  const body = Buffer.concat([Buffer.alloc(3 << 20), Buffer.from('\0nginx version: nginx/1.25.1\0'), Buffer.alloc(9)]);
  expect(versions({ 'usr/sbin/nginx': body, 'usr/sbin/nginx.conf': body })).toEqual(['nginx 1.25.1']);
});

test('where two windows meet', () => {
  for (const before of [(1 << 20) - 20, (1 << 20) - 1, (1 << 20) - 512, 2 * ((1 << 20) - 512) + 500]) {
    const body = Buffer.concat([
      Buffer.alloc(before),
      Buffer.from('@(#)Bash version 5.1.16(1) release'),
      Buffer.alloc(9),
    ]);
    expect(versions({ 'bin/bash': body })).toEqual(['bash 5.1.16']);
  }
});

test('of a family the first that fits', () => {
  const text = (body: string) => Buffer.from(`\0${body}\0`);
  expect(versions({ 'usr/bin/mysql': text('5.5.5-10.6.12-MariaDB') })).toEqual(['mariadb 10.6.12']);
  expect(versions({ 'usr/bin/mysql': text('8.0.37\0\0\0mysql_real_escape_string') })).toEqual(['mysql 8.0.37']);
  expect(versions({ 'usr/bin/openssl': text('OpenSSL 1.1.1 (compatible; AWS-LC 1.69.0)') })).toEqual(['aws-lc 1.69.0']);
});

test('this Node, whose sources in it speak of older versions', () => {
  expect(versions({ 'usr/local/bin/node': readFileSync(process.execPath) })).toEqual([
    `node ${process.version.slice(1)}`,
  ]);
});

test('messages that speak of older versions tell none', () => {
  const text = (...lines: string[]) => Buffer.from(`\0${lines.join('\0')}\0`);
  const since = "the '%s' keyword is not supported any more since HAProxy version 2.5.";
  expect(versions({ 'usr/sbin/haproxy': text(since, ' version 2.6.12-1+deb12u3, released 2025/10/03') })).toEqual([
    'haproxy 2.6.12',
  ]);
  expect(versions({ 'usr/sbin/haproxy': text(since) })).toEqual([]);
  const note = 'Please also note that since Redis 4.0 if a replica is configured to be writable';
  expect(versions({ 'opt/redis-server': text(note, '7.0.15', 'c11-builtin') })).toEqual(['redis 7.0.15']);
  expect(versions({ 'opt/redis-server': text(note, 'A7.0.151778644800000000000') })).toEqual(['redis 7.0.15']);
  expect(versions({ 'opt/redis-server': text('A7.0.51778644800000000000') })).toEqual(['redis 7.0.5']);
  expect(versions({ 'opt/lua5.4': text('Lua 5.4.4  Copyright (C) 1994-2022 Lua.org, PUC-Rio') })).toEqual([
    'lua 5.4.4',
  ]);
});

test('texts that a linker put together with others', () => {
  const text = (body: string) => Buffer.from(`\0${body}\0`);
  const python = text('WITH_NEXT_FRAMEWORK\0/root/.pyenv/versions/3.11.7\0EXEC_PREFIX');
  expect(versions({ 'root/.pyenv/versions/3.11.7/lib/libpython3.11.so.1.0': python })).toEqual(['python 3.11.7']);
  expect(versions({ 'bin/gzip': text('%s: %s: file size changed while zipping\n\x001.12') })).toEqual(['gzip 1.12']);
});

test('the tools of the IBM SDK', () => {
  const text = Buffer.from('\0IBM Corporation\x001.8.0\0');
  expect(versions({ 'opt/ibm/bin/java': text })).toEqual(['java 1.8.0']);
  expect(versions({ 'opt/ibm/bin/jdb': text })).toEqual(['java_sdk 1.8.0']);
});

test('a program that a system package installed is that package alone', () => {
  const { components } = catalogFiles({
    'var/lib/dpkg/status': 'Package: bash\nStatus: install ok installed\nVersion: 5.2-1\nArchitecture: amd64\n',
    'var/lib/dpkg/info/bash.list': '/bin/bash\n',
    'bin/bash': Buffer.from('@(#)Bash version 5.2.15(1) release'),
    'opt/bash': Buffer.from('@(#)Bash version 5.1.16(1) release'),
  });
  expect(components.map(({ purl }) => purl)).toEqual([
    'pkg:deb/debian/bash@5.2-1?arch=amd64',
    'pkg:generic/bash@5.1.16',
  ]);
});

test('no pattern takes long, whatever the bytes', () => {
  const filler = ['1.1.1.', '\0', '1.1\0', 'PostgreSQL ', 'a', 'HEAD\0\0\0\0', '0123456789abcdef'].map((one) =>
    Buffer.from(one.repeat(Math.ceil((1 << 18) / one.length))),
  );
  for (const bytes of filler) {
    const text = bytes.toString('latin1');
    for (const { versions, also } of CLASSIFIERS)
      for (const one of [...versions, ...(also ? [also] : [])]) one.exec(text);
  }
});

const root = shared('sbom/binary-snippets');
/** What of `../shared` says another version in its folder's name, or none at all. */
const READ_OTHERWISE: Readonly<Record<string, string | undefined>> = {
  'grafana/12.3.2-security-01': 'grafana 12.3.2+security-01',
  'java-jre-openjdk/11.0.17': 'openjdk 11.0.17+8-LTS',
  'java-jre-openjdk-arm64-eclipse/11.0.22': 'openjdk 11.0.22+7',
  'java-jre-openjdk-eclipse/11.0.22': 'openjdk 11.0.22+7',
  'percona-server/8.0.35': 'percona-server 8.0.35-27',
};
/** Headers, resources and hints beside a program: no programs of their own. */
const NO_PROGRAM = /^(?:go-version-hint\/|firefox\/.*\/firefox$|elixir\/.*\.app$|.*\/patchlevel\.h$)/;

describe.skipIf(!root)('the snippets of ../shared/sbom', () => {
  const files = root ? readdirSync(root, { recursive: true, encoding: 'utf8' }) : [];
  const programs = files.filter((file) => statSync(join(root as string, file)).isFile() && !NO_PROGRAM.test(file));
  test.each(programs)('%s', (file) => {
    const [product = '', version = ''] = file.split('/');
    const [found = '', ...others] = versions({ [file]: readFileSync(join(root as string, file)) });
    expect(others).toEqual([]);
    const expected = READ_OTHERWISE[`${product}/${version}`];
    if (expected) expect(found).toBe(expected);
    else expect(found.split(' ')[1]).toBe(version);
  });

  test.each([
    ['go-version-hint/1.21/any/VERSION', 'usr/local/go/VERSION', 'go 1.21'],
    ['go-version-hint/1.25w/any/VERSION', 'usr/local/go/VERSION', 'go 1.25-d524e1e'],
    ['go-version-hint/1.25/any/VERSION.cache', 'usr/local/go/VERSION.cache', 'go 1.25-d524e1e'],
    // Without a version of their own.
    ['go-version-hint/1.21/any/go', 'usr/local/go/bin/go', undefined],
    ['go-version-hint/1.25/any/bin/go', 'usr/local/go/bin/go', undefined],
    ['go-version-hint/1.25w/any/go.exe', 'usr/local/go/bin/go.exe', undefined],
    ['firefox/151.0/linux-amd64/firefox', 'usr/lib/firefox/firefox', undefined],
    ['python-duplicates/3.8.16/linux-amd64/patchlevel.h', 'usr/include/python3.8/patchlevel.h', undefined],
  ])('%s', (file, path, expected) => {
    expect(NO_PROGRAM.test(file)).toBe(true);
    expect(versions({ [path]: readFileSync(join(root as string, file)) })).toEqual(expected ? [expected] : []);
  });

  test('no snippet is left out', () => {
    const others = files.filter((file) => NO_PROGRAM.test(file) && statSync(join(root as string, file)).isFile());
    // Erlang's cataloger reads `elixir.app`.
    expect([programs.length, others.length]).toEqual([125, 9]);
  });
});
