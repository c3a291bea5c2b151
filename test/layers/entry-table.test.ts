import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Entry } from '../../src/layers/entry.ts';
import { EntryTable, transferables } from '../../src/layers/entry-table.ts';
import { EntryTableBuilder, entryTable } from '../../src/layers/entry-table-builder.ts';
import { decodePath, encodePath, hasEscapes, normalizePath, printablePath } from '../../src/layers/path.ts';

const plain: Entry = {
  path: 'usr/bin/ls',
  kind: 'file',
  size: 1234,
  mode: 0o4755,
  uid: 0,
  gid: 0,
  mtime: 1700000000.25,
  link: '',
  bodyOffset: 512,
};

const odd: Entry[] = [
  plain,
  { ...plain, path: '', kind: 'directory', size: 0, mode: 0o755 },
  { ...plain, path: 'é/\udcff\n日本\u{1f600}', link: '../\udc80', kind: 'symlink', uid: 2 ** 40, gid: 4294967295 },
  { ...plain, path: 'dev/null', kind: 'character-device', device: { major: 1, minor: 3 } },
  { ...plain, xattrs: { 'security.capability': '\x01\x00\xff' }, digest: `sha256:${'ab'.repeat(32)}` },
  { ...plain, size: 2 ** 52, bodyOffset: 2 ** 50, mtime: -1.5, path: 'x'.repeat(300) },
  { ...plain, kind: 'whiteout', path: 'etc/gone', size: 0 },
  { ...plain, digest: `sha256:${'0f'.repeat(32)}` },
];

describe('EntryTable', () => {
  it('gives back every entry as it was added', () => {
    const table = entryTable(odd);
    expect([...table]).toEqual(odd);
    expect(table.length).toBe(odd.length);
  });

  it('refuses an index outside', () => {
    expect(() => entryTable(odd).at(odd.length)).toThrow(RangeError);
    expect(() => entryTable([]).at(0)).toThrow(RangeError);
    expect(() => entryTable(odd).at(-1)).toThrow(RangeError);
  });

  it('survives a structured clone that moves its buffers', () => {
    const columns = entryTable(odd).columns();
    const moved = structuredClone(columns, { transfer: transferables(columns) });
    expect([...new EntryTable(moved)]).toEqual(odd);
    expect(columns.parts[0]?.names.length).toBe(0);
  });

  it('takes digests late, and only for some entries', () => {
    const builder = new EntryTableBuilder();
    for (let i = 0; i < 500; i++) builder.add({ ...plain, path: `f${i}` });
    for (let i = 499; i >= 0; i -= 3) builder.setDigest(i, new Uint8Array(32).fill(i & 255));
    const table = builder.build();
    expect(table.digest(499)).toBe(`sha256:${(499 & 255).toString(16).repeat(32)}`);
    expect(table.digest(498)).toBeUndefined();
    expect(table.digestBytes(1)).toEqual(new Uint8Array(32).fill(1));
    expect(table.path(498)).toBe('f498');
  });

  it('keeps pathBytes in the bytes of the tar', () => {
    expect(Buffer.from(entryTable(odd).pathBytes(2)).toString('hex')).toBe('c3a92fff0ae697a5e69cacf09f9880');
  });

  it('holds a million entries in under 150 MB', () => {
    const builder = new EntryTableBuilder();
    for (let i = 0; i < 1_000_000; i++) {
      builder.add({ ...plain, path: `usr/share/doc/some-package-of-medium-length/file-${i}.txt`, bodyOffset: i * 512 });
    }
    const columns = builder.build().columns();
    const bytes = transferables(columns).reduce((sum, buffer) => sum + buffer.byteLength, 0);
    expect(bytes).toBeLessThan(150e6);
    expect(new EntryTable(columns).path(999_999)).toBe('usr/share/doc/some-package-of-medium-length/file-999999.txt');
  });
});

describe('paths', () => {
  it('turns any bytes into a string and back', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 40 }), (bytes) => {
        expect(Buffer.from(encodePath(decodePath(bytes)))).toEqual(Buffer.from(bytes));
      }),
      { numRuns: 2000 },
    );
  });

  it('keeps a spelled-out replacement character and escapes what is broken', () => {
    expect(decodePath(Buffer.from('efbfbd', 'hex'))).toBe('\ufffd');
    expect(decodePath(Buffer.from('61ff62', 'hex'))).toBe('a\udcffb');
    expect(decodePath(Buffer.from('eda080', 'hex'))).toBe('\udced\udca0\udc80');
    expect(hasEscapes('a\udcff')).toBe(true);
    expect(hasEscapes('\u{1f600}')).toBe(false);
    expect(printablePath('a\udcff\n\x01é')).toBe('a\\xff\\n\\x01é');
  });

  it.each([
    ['./', ''],
    ['.', ''],
    ['/', ''],
    ['', ''],
    ['./a/b/', 'a/b'],
    ['/etc/passwd', 'etc/passwd'],
    ['../../etc/passwd', 'etc/passwd'],
    ['a/../../b', 'b'],
    ['a//b/./c', 'a/b/c'],
    ['a/..', ''],
    ['.hidden/..x/...', '.hidden/..x/...'],
    ['a/.b', 'a/.b'],
    ['a/.', 'a'],
  ])('normalises %j to %j', (name, path) => {
    expect(normalizePath(name)).toBe(path);
    expect(normalizePath(path)).toBe(path);
  });
});
