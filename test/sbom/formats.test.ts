import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { afterAll, describe, expect, test } from 'vitest';
import { memorySource } from '../../src/layers/byte-source.ts';
import { bytesAt, isExecutable, readExecutable, sectionBytes } from '../../src/sbom/formats/executable.ts';
import { readTable } from '../../src/sbom/formats/sqlite.ts';
import { readZip, readZipEntry } from '../../src/sbom/formats/zip.ts';
import { zip } from '../support/zip.ts';

const folder = mkdtempSync(join(tmpdir(), 'dlint-formats-'));
afterAll(() => rmSync(folder, { recursive: true }));

/** Whatever a reader is given, it gives an answer or an Error, and soon. */
function survives(valid: Buffer, read: (bytes: Buffer) => unknown): void {
  const damage = fc.tuple(fc.nat(valid.length - 1), fc.integer({ min: 0, max: 255 }));
  fc.assert(
    fc.property(fc.array(damage, { minLength: 1, maxLength: 8 }), fc.nat(valid.length), (changes, cut) => {
      const bytes = Buffer.from(valid);
      for (const [at, value] of changes) bytes[at] = value;
      for (const one of [bytes, bytes.subarray(0, cut)]) {
        try {
          read(one);
        } catch (error) {
          expect(error).toBeInstanceOf(Error);
          expect((error as Error).message).not.toBe('');
        }
      }
    }),
    { numRuns: 300 },
  );
}

describe('zip', () => {
  const archive = zip({ 'META-INF/MANIFEST.MF': 'Manifest-Version: 1.0\r\n', 'a/ü.txt': 'x'.repeat(5000), empty: '' });
  const readAll = (bytes: Buffer) => {
    const source = memorySource(bytes);
    return readZip(source).map((entry) => [entry.name, readZipEntry(source, entry, 100_000).toString()]);
  };
  const expected = [
    ['META-INF/MANIFEST.MF', 'Manifest-Version: 1.0\r\n'],
    ['a/ü.txt', 'x'.repeat(5000)],
    ['empty', ''],
  ];

  test('members and their bytes', () => expect(readAll(archive)).toEqual(expected));
  test('behind a start script', () => {
    expect(readAll(Buffer.concat([Buffer.from('#!/bin/sh\nexec java -jar "$0"\n'), archive]))).toEqual(expected);
  });
  test('as python writes it, stored, with zip64 fields and a comment', () => {
    const path = join(folder, 'python.zip');
    const script = [
      'import zipfile,sys',
      'z=zipfile.ZipFile(sys.argv[1],"w")',
      'z.comment=b"PK in a comment"',
      'f=z.open("wide","w",force_zip64=True); f.write(b"wide"); f.close()',
      'z.writestr("stored","stored")',
      'z.close()',
    ];
    execFileSync('python3', ['-c', script.join('\n'), path]);
    expect(readAll(readFileSync(path))).toEqual([
      ['wide', 'wide'],
      ['stored', 'stored'],
    ]);
  });
  test('a bomb is refused by the size it states, and by the size it has', () => {
    const bomb = zip({ bomb: Buffer.alloc(1_000_000) });
    expect(() => readAll(bomb)).toThrow('bomb is over 100000 bytes');
    const [entry] = readZip(memorySource(bomb));
    expect(() => readZipEntry(memorySource(bomb), { ...(entry as never as object), size: 10 } as never, 100)).toThrow();
  });
  test('another checksum is told', () => {
    const broken = Buffer.from(archive);
    broken.write('Z', broken.indexOf('Manifest-Version') >= 0 ? broken.indexOf('Manifest-Version') : 60);
    expect(() => readAll(broken)).toThrow();
  });
  test('no zip', () => expect(() => readAll(Buffer.from('nothing of the kind'))).toThrow('no zip archive'));
  test('damage', () => survives(archive, readAll));
});

describe('executables', () => {
  const node = process.execPath;
  test.skipIf(process.platform !== 'linux')('the sections and segments of this ELF', () => {
    const bytes = memorySource(readFileSync(node));
    expect(isExecutable(bytes.slice(0, 512))).toBe(true);
    const executable = readExecutable(bytes);
    if (!executable) throw new Error('no executable');
    expect(executable).toMatchObject({ format: 'elf', is64: true });
    expect(executable.sections.map(({ name }) => name)).toEqual(
      expect.arrayContaining(['.text', '.rodata', '.dynsym']),
    );
    const interpreter = sectionBytes(bytes, executable, '.interp');
    expect(interpreter?.toString()).toMatch(/^\/.*ld.*\0$/);
    const rodata = executable.sections.find(({ name }) => name === '.rodata');
    const segment = executable.segments.find(
      ({ offset, size }) => rodata && offset <= rodata.offset && rodata.offset < offset + size,
    );
    if (!rodata || !segment) throw new Error('no .rodata');
    const address = segment.address + rodata.offset - segment.offset;
    expect(bytesAt(bytes, executable, address, 64)).toEqual(bytes.slice(rodata.offset, rodata.offset + 64));
    expect(bytesAt(bytes, executable, 2 ** 52, 64)).toHaveLength(0);
  });
  test('what is none', () => {
    expect(readExecutable(memorySource(Buffer.from('#!/bin/sh\n'.repeat(10))))).toBeUndefined();
    expect(isExecutable(Buffer.from('#!/b'))).toBe(false);
    const javaClass = Buffer.concat([Buffer.from('cafebabe00000034', 'hex'), Buffer.alloc(100)]);
    expect(readExecutable(memorySource(javaClass))).toBeUndefined();
  });
  test('damage', () => {
    const elf = readFileSync('/bin/true').subarray(0, 65_536);
    survives(Buffer.from(elf), (bytes) => readExecutable(memorySource(bytes)));
    const pe = Buffer.alloc(1024);
    pe.write('MZ');
    pe.writeUInt32LE(64, 60);
    pe.write('PE\0\0', 64);
    pe.writeUInt16LE(3, 70);
    pe.writeUInt16LE(240, 84);
    survives(pe, (bytes) => readExecutable(memorySource(bytes)));
    const macho = Buffer.alloc(1024);
    macho.write('cffaedfe', 0, 'hex');
    macho.writeUInt32LE(4, 16);
    macho.writeUInt32LE(600, 20);
    for (const at of [32, 182]) {
      macho.writeUInt32LE(0x19, at);
      macho.writeUInt32LE(150, at + 4);
      macho.writeUInt32LE(1, at + 64);
    }
    expect(readExecutable(memorySource(macho))?.segments).toHaveLength(2);
    survives(macho, (bytes) => readExecutable(memorySource(bytes)));
  });
});

describe('sqlite', () => {
  const database = (...statements: string[]): Buffer => {
    const path = join(folder, `${statements.length}-${Math.random()}.sqlite`);
    const script =
      'import sqlite3,sys\nc=sqlite3.connect(sys.argv[1])\nfor s in sys.argv[2:]: c.executescript(s)\nc.commit()';
    execFileSync('python3', ['-c', script, path, ...statements]);
    return readFileSync(path);
  };
  const rows = (bytes: Buffer, table: string) => [...readTable(memorySource(bytes), table)];

  test('values of every kind, and blobs over many pages', () => {
    const bytes = database(
      'create table t(id integer primary key, a, b)',
      "insert into t values(7, 'ü', -3), (8, 1.5, null), (9, 9223372036854775807, 0), (300, 1, 70000)",
      "insert into t values(1000, zeroblob(100000), x'00ff')",
    );
    const found = rows(bytes, 't');
    expect(found.map(({ rowid }) => rowid)).toEqual([7, 8, 9, 300, 1000]);
    expect(found.slice(0, 4).map(({ values }) => values)).toEqual([
      [null, 'ü', -3],
      [null, 1.5, null],
      [null, 9223372036854775807n, 0],
      [null, 1, 70000],
    ]);
    expect(found[4]?.values[1]).toHaveLength(100_000);
    expect(found[4]?.values[2]).toEqual(Buffer.from('00ff', 'hex'));
  });
  test('a table of many pages, in small pages and UTF-16', () => {
    const bytes = database(
      "pragma page_size=512; pragma encoding='UTF-16le'; create table many(n, text)",
      "with recursive c(x) as (select 1 union all select x+1 from c where x<5000) insert into many select x, 'row '||x from c",
    );
    const found = rows(bytes, 'many').map(({ values }) => values);
    expect(found).toHaveLength(5000);
    expect(found[4999]).toEqual([5000, 'row 5000']);
  });
  test('a table that is not there, and a file that is none', () => {
    const bytes = database('create table t(a)');
    expect(() => rows(bytes, 'u')).toThrow('the database has no table u');
    expect(() => rows(Buffer.alloc(4096), 't')).toThrow('no SQLite database');
  });
  test('damage', () => {
    const small = database(
      'pragma page_size=512; create table t(a,b)',
      'with recursive c(x) as (select 1 union all select x+1 from c where x<60) insert into t select x, zeroblob(x*20) from c',
    );
    survives(small, (bytes) => rows(bytes, 't'));
  });
});
