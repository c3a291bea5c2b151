import { execFileSync } from 'node:child_process';
import { gzipSync } from 'node:zlib';
import fc from 'fast-check';
import picomatch from 'picomatch';
import { describe, expect, it } from 'vitest';
import type { Locator } from '../../src/layers/image.ts';
import { LIMITS } from '../../src/layers/limits.ts';
import { compileGlobs } from '../../src/layers/probes/globs.ts';
import { hashBodies, readBodies } from '../../src/layers/read-bodies.ts';
import type { KeptBody, LayerRecord } from '../../src/layers/record.ts';
import { scanLayer } from '../../src/layers/scan-layer.ts';
import { sha256, tarOf, temporaryFile } from '../support/images.ts';

const layer = await tarOf([
  { name: 'etc/', type: 'directory' },
  { name: 'etc/hosts', body: 'localhost\n' },
  { name: 'big', body: Buffer.alloc(700_000, 'big ') },
  { name: 'empty', body: '' },
  { name: '.wh.gone', body: '' },
  { name: 'app/package.json', body: '{"name":"app"}' },
  { name: 'link', type: 'symlink', linkname: 'big' },
]);

/** The layer in the middle of a file, as in an archive. */
function stored(bytes: Buffer): Locator {
  const file = temporaryFile(Buffer.concat([Buffer.alloc(1000, 1), bytes, Buffer.alloc(500, 2)]));
  return { file, offset: 1000, length: bytes.length };
}

const keep = (...globs: string[]) => [{ name: 'keep', options: { globs } }];
const kept = (record: LayerRecord): [string, string][] =>
  (record.facts.keep as KeptBody[]).map(({ entry, bytes }) => [
    record.entries.path(entry),
    Buffer.from(bytes).toString(),
  ]);

describe('scanLayer', () => {
  it('passes over the bodies of a plain layer, and yet keeps what is wanted', async () => {
    const record = await scanLayer(stored(layer), keep('**/package.json', 'etc/hosts'));
    expect(record).toMatchObject({
      diffId: null,
      digest: null,
      storedBytes: 700_024,
      tarBytes: layer.length,
      compression: 'none',
      problems: [],
    });
    expect([...record.entries].map(({ path, kind }) => `${kind} ${path}`)).toEqual([
      'directory etc',
      'file etc/hosts',
      'file big',
      'file empty',
      'whiteout gone',
      'file app/package.json',
      'symlink link',
    ]);
    expect(record.entries.digest(1)).toBeUndefined();
    expect(kept(record)).toEqual([
      ['etc/hosts', 'localhost\n'],
      ['app/package.json', '{"name":"app"}'],
    ]);
  });

  it.each([
    ['plain, verified and hashed', layer],
    ['gzip', gzipSync(layer)],
    ['zstd', execFileSync('zstd', ['-cq'], { input: layer })],
  ])('reads and hashes every byte: %s', async (_, bytes) => {
    const record = await scanLayer(stored(bytes), keep('big'), bytes === layer ? { verify: true, hash: true } : {});
    expect(record.diffId).toBe(`sha256:${sha256(layer)}`);
    expect(record.digest).toBe(`sha256:${sha256(bytes)}`);
    expect(record.entries.digest(1)).toBe(`sha256:${sha256('localhost\n')}`);
    expect(record.entries.digest(2)).toBe(`sha256:${sha256(Buffer.alloc(700_000, 'big '))}`);
    expect(record.entries.digest(3)).toBe(`sha256:${sha256('')}`);
    expect(record.entries.digest(0)).toBeUndefined();
    expect(kept(record)[0]?.[1]).toHaveLength(700_000);
    expect(record.tarBytes).toBe(layer.length);
  });

  it('does without hashes when told to', async () => {
    const record = await scanLayer(stored(gzipSync(layer)), [], { verify: false, hash: false });
    expect([record.diffId, record.digest, record.entries.digest(2)]).toEqual([null, null, undefined]);
    expect(record.storedBytes).toBe(700_024);
  });

  it('keeps to the bounds of what is kept', async () => {
    const one = await scanLayer(stored(layer), keep('**'), { limits: { ...LIMITS, keptFileBytes: 1000 } });
    expect(one.problems).toEqual(['big: not read: 700000 bytes are more than the 1000 that are kept of one file']);
    expect(kept(one).map(([path]) => path)).toEqual(['etc/hosts', 'empty', 'app/package.json']);
    const all = await scanLayer(stored(layer), keep('**'), { limits: { ...LIMITS, keptBytes: 20 } });
    expect(all.problems).toHaveLength(2);
    await expect(scanLayer(stored(layer), [], { limits: { ...LIMITS, entries: 3 } })).rejects.toMatchObject({
      code: 'E_LIMIT',
    });
  });

  it('refuses probes that are none, and layers that are none', async () => {
    await expect(scanLayer(stored(layer), [{ name: 'toString' }])).rejects.toMatchObject({ code: 'E_USAGE' });
    const xz = execFileSync('xz', ['-c'], { input: layer });
    await expect(scanLayer(stored(xz))).rejects.toMatchObject({ code: 'E_UNSUPPORTED' });
    await expect(scanLayer(stored(Buffer.from('a line of text\n')))).rejects.toMatchObject({ code: 'E_CORRUPT' });
    expect((await scanLayer(stored(Buffer.alloc(0)))).entries.length).toBe(0);
  });
});

describe('bodies fetched afterwards', () => {
  it.each([
    ['plain', layer],
    ['gzip', gzipSync(layer)],
  ])('come in the order asked for: %s', async (_, bytes) => {
    const at = stored(bytes);
    const { entries } = await scanLayer(at);
    const wanted = [5, 1, 2, 3, 1].map((i) => entries.at(i));
    const bodies = await readBodies(at, wanted);
    expect(bodies.map((body) => body.length)).toEqual([14, 10, 700_000, 0, 10]);
    expect(Buffer.from(bodies[0] as Uint8Array).toString()).toBe('{"name":"app"}');
    expect(await hashBodies(at, wanted)).toEqual(bodies.map((body) => `sha256:${sha256(Buffer.from(body))}`));
    await expect(readBodies(at, [{ bodyOffset: layer.length - 5, size: 10 }])).rejects.toMatchObject({
      code: 'E_TRUNCATED',
    });
    await expect(readBodies(at, [{ bodyOffset: 0, size: 2e9 }])).rejects.toMatchObject({ code: 'E_LIMIT' });
  });
});

describe('compileGlobs', () => {
  const globs = [
    '**/package.json',
    'var/lib/dpkg/status',
    '**/*.{jar,war}',
    'var/lib/dpkg/status.d/*',
    '**/*.dist-info/METADATA',
    'etc/*-release',
    '**/lib*.so.*',
    'usr/*.tar.gz',
    '**/*.deps.json',
    'x/{a,b/c}/d',
  ];
  const paths = [
    'package.json',
    'a/.b/package.json',
    'a/package.jsonx',
    'var/lib/dpkg/status',
    'x/var/lib/dpkg/status',
    'a.jar',
    '.m2/b.war',
    'b.jar/c',
    'var/lib/dpkg/status.d/base',
    'usr/x.dist-info/METADATA',
    'METADATA',
    'etc/os-release',
    'etc/x/os-release',
    'lib/libc.so.6',
    'usr/a.tar.gz',
    'usr/b/a.tar.gz',
    'app.deps.json',
    '.deps.json',
    'x/a/d',
    'x/b/c/d',
    'x/c/d',
    '',
  ];

  it.each(globs)('matches as picomatch does: %s', (glob) => {
    const matches = compileGlobs([glob]);
    const expected = picomatch(glob, { dot: true });
    for (const path of paths) expect([path, matches(path)]).toEqual([path, path !== '' && expected(path)]);
  });

  it('matches as picomatch does, whatever stands before and between the stars', () => {
    const piece = fc.constantFrom('*', 'a', '.b', '*.x', 'a*', '@*', '@s', 'b+', '*-*', 'a.b*c', '$', '^');
    const glob = fc.array(fc.oneof(piece, fc.constant('**')), { minLength: 1, maxLength: 5 });
    // No line end: picomatch's ** does not pass one, and no package shall hide behind it.
    const name = fc.constantFrom('a', '.b', 'y.x', '.x', 'ab', '@', '@s', 'b+', 'bb', 'a-b', '-', 'a.bc', 'axbc', '$');
    const path = fc.array(name, { minLength: 1, maxLength: 6 }).map((names) => names.join('/'));
    fc.assert(
      fc.property(glob, path, (names, each) => {
        const text = names.join('/');
        expect(compileGlobs([text])(each)).toBe(picomatch(text, { dot: true })(each));
      }),
      { numRuns: 2000 },
    );
  });

  it('matches any of many', () => {
    const matches = compileGlobs(globs);
    expect(paths.filter((path) => matches(path))).toEqual(
      paths.filter((path) => path !== '' && picomatch(globs, { dot: true })(path)),
    );
  });
});
