/** Files that cost a reader much more than their size: each is refused, or read, within two seconds of processor time. */
import { crc32 } from 'node:zlib';
import { describe, expect, it } from 'vitest';
import { memorySource } from '../../src/layers/byte-source.ts';
import { onceFor } from '../../src/layers/probes/read.ts';
import binary from '../../src/sbom/catalogers/binary.ts';
import gguf from '../../src/sbom/catalogers/gguf.ts';
import graalvm from '../../src/sbom/catalogers/graalvm.ts';
import phpExtension from '../../src/sbom/catalogers/php-extension.ts';
import { readExecutable } from '../../src/sbom/formats/executable.ts';
import { readGoBuildInfo } from '../../src/sbom/formats/go-build-info.ts';
import { readJavaArchive } from '../../src/sbom/formats/java-archive.ts';
import { parsePom } from '../../src/sbom/formats/pom.ts';
import { rpmHeaders } from '../../src/sbom/formats/rpm-database.ts';
import { readTable } from '../../src/sbom/formats/sqlite.ts';
import type { Cataloger } from '../../src/sbom/package.ts';
import { catalogFiles } from '../support/catalog-files.ts';
import { cpuTime } from '../support/cpu-time.ts';
import { elf } from '../support/elf.ts';
import { zip } from '../support/zip.ts';

const MOST_MS = 2000;

function inTime<T>(action: () => T): T {
  const began = cpuTime();
  try {
    return action();
  } finally {
    expect(cpuTime() - began).toBeLessThan(MOST_MS);
  }
}

describe('zip', () => {
  it('a member that unpacks to more than it says', () => {
    const jar = zip({ 'META-INF/MANIFEST.MF': 'a: b\n', 'bomb.jar': Buffer.alloc(100 << 20) });
    // The directory's own word for the size of the bomb, and for its checksum.
    const central = jar.lastIndexOf('PK\x01\x02');
    jar.writeUInt32LE(10, central + 24);
    jar.writeUInt32LE(crc32(''), central + 16);
    expect(inTime(() => readJavaArchive(memorySource(jar)))).toHaveLength(1);
  });

  it('one bomb under a thousand names', () => {
    const bomb = zip({ 'x.jar': Buffer.alloc(20 << 20) });
    const central = bomb.indexOf('PK\x01\x02');
    const end = bomb.indexOf('PK\x05\x06');
    const entry = bomb.subarray(central, end);
    const last = Buffer.from(bomb.subarray(end));
    last.writeUInt16LE(1000, 8);
    last.writeUInt16LE(1000, 10);
    last.writeUInt32LE(entry.length * 1000, 12);
    const jar = Buffer.concat([bomb.subarray(0, central), ...Array<Buffer>(1000).fill(entry), last]);
    expect(() => inTime(() => readJavaArchive(memorySource(jar)))).toThrow(/bytes are packed in it/);
  });
});

describe('sqlite', () => {
  /** A database of one table, on whose page all cells are one record that claims much and leads in a circle. */
  function circle(pageBytes: number, claimed: number): Buffer {
    const file = Buffer.alloc(pageBytes * 3);
    file.write('SQLite format 3\0', 'latin1');
    file.writeUInt16BE(pageBytes === 65_536 ? 1 : pageBytes, 16);
    file.writeUInt32BE(1, 56);
    const schema = Buffer.concat([
      Buffer.from([6, 23, 29, 29, 1, 13]),
      Buffer.from('tablePackagesPackages'),
      Buffer.from([2]),
      Buffer.from('x'),
    ]);
    const cell = Buffer.concat([Buffer.from([schema.length, 1]), schema]);
    file.set([13, 0, 0, 0, 1], 100);
    file.writeUInt16BE(2000, 108);
    cell.copy(file, 2000);
    const page = file.subarray(pageBytes, 2 * pageBytes);
    const cells = 1000;
    page[0] = 13;
    page.writeUInt16BE(cells, 3);
    for (let i = 0; i < cells; i++) page.writeUInt16BE(8000, 8 + 2 * i);
    const varint = [claimed >>> 28, claimed >>> 21, claimed >>> 14, claimed >>> 7].map((part) => (part & 127) | 128);
    page.set([...varint, claimed & 127, 1], 8000);
    page.fill(3, 8010);
    for (let at = 8006; at + 4 <= page.length; at++) page[at] = (at - 8006) % 4 === 3 ? 3 : 0;
    file.writeUInt32BE(3, 2 * pageBytes);
    return file;
  }

  it('records that claim gigabytes, from pages that lead in circles', () => {
    expect(() => inTime(() => [...readTable(memorySource(circle(65_536, 200 << 20)), 'Packages')])).toThrow(
      /share their pages/,
    );
  });
});

describe('rpm databases', () => {
  it('NDB: thousands of slots for one blob', () => {
    const pages = 200;
    const file = Buffer.alloc(pages * 4096 + (8 << 20));
    file.writeUInt32LE(0x506d7052, 0);
    file.writeUInt32LE(pages, 12);
    for (let at = 32; at + 16 <= pages * 4096; at += 16) {
      file.writeUInt32LE(0x746f6c53, at);
      file.writeUInt32LE(1, at + 4);
      file.writeUInt32LE(pages * 256, at + 8);
    }
    file.writeUInt32LE(0x53626c42, pages * 4096);
    file.writeUInt32LE(7 << 20, pages * 4096 + 12);
    expect(() => inTime(() => [...rpmHeaders(memorySource(file))])).toThrow(/overlap/);
  });

  it('BerkeleyDB: a page whose items are all one value, which leads in a circle', () => {
    const pageBytes = 4096;
    const file = Buffer.alloc(pageBytes * 3);
    file.writeUInt32LE(0x00061561, 12);
    file.writeUInt32LE(pageBytes, 20);
    const page = file.subarray(pageBytes, 2 * pageBytes);
    page[25] = 13;
    page.writeUInt16LE(1000, 20);
    for (let i = 0; i < 1000; i++) page.writeUInt16LE(4000, 26 + 2 * i);
    page[4000] = 3;
    page.writeUInt32LE(2, 4004);
    page.writeUInt32LE(250 << 20, 4008);
    const overflow = file.subarray(2 * pageBytes);
    overflow[25] = 7;
    overflow.writeUInt16LE(1, 22);
    overflow.writeUInt32LE(2, 16);
    expect(() => inTime(() => [...rpmHeaders(memorySource(file))])).toThrow(/overlap/);
  });
});

describe('executables', () => {
  /** 20,000 sections or segments that all name the same bytes. */
  function elf(kind: 'sections' | 'segments'): Buffer {
    const each = kind === 'sections' ? 64 : 56;
    const count = 20_000;
    const body = 64 + each * count;
    const file = Buffer.alloc(body + (4 << 20), 0x41);
    file.fill(0, 0, body);
    file.set([0x7f, 0x45, 0x4c, 0x46, 2, 1, 1], 0);
    file.writeBigUInt64LE(64n, kind === 'sections' ? 40 : 32);
    file.writeUInt16LE(each, kind === 'sections' ? 58 : 54);
    file.writeUInt16LE(count, kind === 'sections' ? 60 : 56);
    for (let at = 64; at < body; at += each) {
      file.writeUInt32LE(1, at + 4);
      if (kind === 'segments') file.writeUInt32LE(1, at);
      if (kind === 'segments') file.writeUInt32LE(2, at + 4);
      file.writeBigUInt64LE(BigInt(body), at + (kind === 'sections' ? 24 : 8));
      file.writeBigUInt64LE(BigInt(4 << 20), at + 32);
    }
    return file;
  }

  it.each(['sections', 'segments'] as const)('%s without end', (kind) => {
    const source = memorySource(elf(kind));
    const found = inTime(() => readExecutable(source));
    expect(found?.[kind].length).toBeGreaterThan(10_000);
    expect(found?.sections.every(({ name }) => name.length <= 256)).toBe(true);
    expect(inTime(() => found && readGoBuildInfo(source, found))).toBeUndefined();
  });
});

it('pom.xml: comments that begin and do not end', () => {
  const inner = '<!--'.repeat(400_000);
  expect(
    inTime(() => parsePom(`<project><name>x${inner}>--></name><artifactId>a</artifactId></project>`)),
  ).toBeDefined();
  expect(inTime(() => parsePom(`<project><name><![CDATA[${inner}]]></name></project>`))).toBeDefined();
  expect(inTime(() => parsePom(`<project>${'<a>'.repeat(400_000)}`))).toBeDefined();
});

describe('programs: texts that patterns begin to match a million times', () => {
  const names = [
    'mysqld',
    'mariadb',
    'dart',
    'python3',
    'redis-server',
    'go',
    'ruby',
    'perl',
    'node',
    'postgres',
    'pilot-agent',
  ];

  it.each(names)('%s', (name) => {
    for (const text of ['1', '1.', '\x001.', 'x', '\x00', 'version ', '1.1.1-', '[']) {
      const bytes = memorySource(Buffer.from(text.repeat(Math.ceil((1 << 20) / text.length)), 'latin1'));
      const path = `usr/bin/${name}`;
      expect(binary.reader?.wants({ path, size: bytes.size, mode: 0o755 })).toBe(true);
      inTime(() => binary.reader?.read(bytes, path, onceFor(bytes)));
    }
  });
});

describe('tables of ELF files and of models', () => {
  const read = ({ reader }: Cataloger, bytes: Buffer) => {
    const source = memorySource(bytes);
    return inTime(() => reader?.read(source, 'usr/lib/php/20220829/x.so', onceFor(source)));
  };

  it('a library of PHP that is nothing but entries without names', () => {
    const entry = Buffer.alloc(168);
    entry.writeUInt16LE(168, 0);
    entry.writeUInt32LE(20_220_829, 4);
    const data = Buffer.concat(Array<Buffer>(50_000).fill(entry));
    expect(read(phpExtension, elf({ '.data': data }, 0x1000))).toBeUndefined();
  });

  it('a million relocations and symbols that lead nowhere', () => {
    const one = Buffer.alloc(24, 0xff);
    one.writeBigUInt64LE(8n, 8);
    const table = Buffer.concat(Array<Buffer>(1_000_000).fill(one));
    expect(read(phpExtension, elf({ '.data': 'x', '.rela.dyn': table }, 0x1000))).toBeUndefined();
    const names = { '.svm_heap': 'x', '.dynstr': '\0sbom\0', '.dynsym': table };
    expect(read(graalvm, elf(names, 0x1000))).toBeUndefined();
  });

  it('a model whose texts claim to be longer than the file', () => {
    const head = Buffer.alloc(1 << 20, 0xff);
    head.write('GGUF', 'latin1');
    expect(read(gguf, head)).toBeUndefined();
    expect(read(gguf, Buffer.concat([Buffer.from('GGUF'), Buffer.alloc(1 << 20)]))).toBeUndefined();
  });
});

describe('texts of records', () => {
  const lines = '\n'.repeat(60_000);
  const found = (path: string, text: string) => inTime(() => catalogFiles({ [path]: text }).components.length);

  it('a formula and a pack of blank lines', () => {
    expect(found('opt/Cellar/x/1/.brew/x.rb', `license "MIT",\n${lines}`)).toBe(1);
    expect(found('opt/Cellar/x/1/.brew/x.rb', 'license [,\n'.repeat(6000))).toBe(1);
    expect(found('usr/lib/pack/x/pack.pl', lines)).toBe(0);
    expect(found('usr/lib/erlang/lib/x/ebin/x.app', lines)).toBe(0);
    expect(found('usr/lib/luarocks/rocks/x.rockspec', lines)).toBe(0);
  });

  it('a journal of Perl that begins again and again', () => {
    expect(found('usr/lib/perl/perllocal.pod', '=head2 C<Module> L<A::B|'.repeat(20_000))).toBe(0);
    expect(found('usr/lib/perl/perllocal.pod', '=head2 C<Module> L<A::B|A>\n'.repeat(20_000))).toBe(0);
  });
});
