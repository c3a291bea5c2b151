import { execFileSync } from 'node:child_process';
import { mkdirSync, readFileSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { DlintError } from '../../src/errors.ts';
import { LIMITS } from '../../src/layers/limits.ts';
import { RecordBuilder } from '../../src/layers/record-builder.ts';
import { layerEntry } from '../../src/layers/tar.ts';
import type { TarMember } from '../../src/layers/tar-member.ts';
import { TarScanner } from '../../src/layers/tar-scanner.ts';
import { tarOf, temporaryFolder } from '../support/images.ts';

interface Scanned {
  readonly members: TarMember[];
  readonly bodies: string[];
  readonly problems: string[];
}

/** Scans bytes in chunks of the given sizes, over and over; `skips`: without looking at bodies, as a seeking reader. */
function scan(bytes: Buffer, sizes: readonly number[] = [bytes.length], skips = false): Scanned {
  const members: TarMember[] = [];
  const bodies: string[] = [];
  const problems: string[] = [];
  const scanner = new TarScanner(
    {
      member(member) {
        const i = members.push(member) - 1;
        bodies[i] = '';
        if (skips) return undefined;
        return {
          write: (chunk) => {
            bodies[i] += chunk.toString('latin1');
          },
          end: () => {
            bodies[i] += '$';
          },
        };
      },
      problem: (message) => problems.push(message),
    },
    'x.tar',
    { ...LIMITS, extendedHeaderBytes: 100_000 },
  );
  for (let at = 0, i = 0; at < bytes.length; i++) {
    const skip = Math.min(scanner.skippable, bytes.length - at);
    if (skips && skip > 0) {
      scanner.skip(skip);
      at += skip;
      continue;
    }
    const size = Math.max(1, sizes[i % sizes.length] as number);
    scanner.write(bytes.subarray(at, at + size));
    at += Math.min(size, bytes.length - at);
  }
  scanner.end();
  expect(scanner.offset).toBe(bytes.length);
  return { members, bodies, problems };
}

function failure(bytes: Buffer): DlintError {
  try {
    scan(bytes, [777]);
  } catch (error) {
    if (error instanceof DlintError) return error;
    throw error;
  }
  throw new Error('this should have failed');
}

/** A header block written by hand. */
function block(
  fields: Partial<Record<'name' | 'mode' | 'size' | 'type' | 'link' | 'magic' | 'prefix' | 'mtime', string | Buffer>>,
): Buffer {
  const header = Buffer.alloc(512);
  const places = { name: 0, mode: 100, size: 124, mtime: 136, type: 156, link: 157, magic: 257, prefix: 345 };
  for (const [field, value] of Object.entries({ mode: '0000644', size: '00000000000', type: '0', ...fields })) {
    Buffer.from(value as string).copy(header, places[field as keyof typeof places]);
  }
  return signed(header);
}

function signed(header: Buffer): Buffer {
  header.fill(' ', 148, 156);
  const sum = header.reduce((total, byte) => total + byte, 0);
  header.write(`${sum.toString(8).padStart(6, '0')}\0 `, 148);
  return header;
}

const END = Buffer.alloc(1024);
const padded = (body: string | Buffer): Buffer => {
  const bytes = Buffer.from(body);
  return Buffer.concat([bytes, Buffer.alloc((512 - (bytes.length % 512)) % 512)]);
};
const pax = (records: Record<string, string>, type = 'x'): Buffer => {
  const body = Buffer.concat(
    Object.entries(records).map(([key, value]) => {
      const rest = Buffer.concat([Buffer.from(` ${key}=`), Buffer.from(value, 'latin1'), Buffer.from('\n')]);
      let length = rest.length + 1;
      while (String(length).length + rest.length !== length) length = String(length).length + rest.length;
      return Buffer.concat([Buffer.from(String(length)), rest]);
    }),
  );
  return Buffer.concat([block({ name: 'pax', type, size: body.length.toString(8).padStart(11, '0') }), padded(body)]);
};
const octal = (size: number): string => size.toString(8).padStart(11, '0');

const sample = (): Promise<Buffer> =>
  tarOf([
    { name: 'etc/', type: 'directory', mode: 0o755 },
    { name: 'etc/hosts', body: 'localhost', mode: 0o644, uid: 7, gid: 8 },
    { name: 'empty' },
    { name: `long/${'n'.repeat(300)}`, body: 'x'.repeat(2000) },
    { name: 'link', type: 'symlink', linkname: '../target' },
    { name: 'hard', type: 'link', linkname: './etc/hosts' },
    { name: 'dev/null', type: 'character-device', devmajor: 1, devminor: 3 },
    { name: 'odd', body: 'y', pax: { 'SCHILY.xattr.user.a': 'value' } },
  ]);

describe('TarScanner', () => {
  it('reads what tar-stream wrote', async () => {
    const { members, bodies } = scan(await sample());
    expect(members.map(({ name, kind, size }) => [name.slice(0, 12), kind, size])).toEqual([
      ['etc/', 'directory', 0],
      ['etc/hosts', 'file', 9],
      ['empty', 'file', 0],
      ['long/nnnnnnn', 'file', 2000],
      ['link', 'symlink', 0],
      ['hard', 'hardlink', 0],
      ['dev/null', 'character-device', 0],
      ['odd', 'file', 1],
    ]);
    expect(members[1]).toMatchObject({ mode: 0o644, uid: 7, gid: 8, mtime: 1_700_000_000 });
    expect(members[3]?.name).toHaveLength(305);
    expect(members[4]?.link).toBe('../target');
    expect(members[6]?.device).toEqual({ major: 1, minor: 3 });
    expect(members[7]?.xattrs).toEqual({ 'user.a': 'value' });
    expect(bodies.slice(1, 3)).toEqual(['localhost$', '$']);
  });

  it('gives the same whatever the chunks, and the same members when bodies are skipped', async () => {
    const bytes = await sample();
    const whole = scan(bytes);
    fc.assert(
      fc.property(fc.array(fc.integer({ min: 1, max: 1500 }), { minLength: 1, maxLength: 20 }), (sizes) => {
        expect(scan(bytes, sizes)).toEqual(whole);
        expect(scan(bytes, sizes, true).members).toEqual(whole.members);
      }),
      { numRuns: 100 },
    );
  });

  it('knows where bodies begin', async () => {
    const bytes = await sample();
    const { members } = scan(bytes, [1000], true);
    const hosts = members[1] as TarMember;
    expect(bytes.toString('utf8', hosts.bodyOffset, hosts.bodyOffset + hosts.size)).toBe('localhost');
  });

  it.each(['v7', 'oldgnu', 'gnu', 'ustar', 'posix'])('reads what GNU tar writes as %s', (format) => {
    const folder = temporaryFolder();
    const deep = format === 'v7' ? 'deep' : 'd'.repeat(60);
    const name = format === 'v7' ? 'file' : 'f'.repeat(70);
    mkdirSync(join(folder, deep));
    writeFileSync(join(folder, deep, name), 'content');
    symlinkSync('nowhere', join(folder, 'link'));
    const tar = execFileSync('tar', ['-c', `--format=${format}`, '-C', folder, '.'], { maxBuffer: 1 << 24 });
    const { members, bodies } = scan(tar, [100]);
    const found = new Map(members.map((member, i) => [member.name, { ...member, body: bodies[i] }]));
    expect(found.get(`./${deep}/${name}`)).toMatchObject({ kind: 'file', body: 'content$' });
    expect(found.get(`./${deep}/`)?.kind).toBe('directory');
    expect(found.get('./link')).toMatchObject({ kind: 'symlink', link: 'nowhere' });
    expect(members).toHaveLength(4);
  });

  it.each(['gnu', 'posix --sparse-version=0.0', 'posix --sparse-version=0.1', 'posix --sparse-version=1.0'])(
    'keeps its place behind a sparse file of GNU tar, %s',
    (flags) => {
      const folder = temporaryFolder();
      const script = `truncate -s 3M a && for i in 1 2 3 4 5 6 7 8; do printf x | dd of=a bs=1 seek=$((i*300000)) conv=notrunc 2>/dev/null; done && echo after > b`;
      execFileSync('sh', ['-c', script], { cwd: folder });
      const tar = execFileSync('tar', ['-cS', ...`--format=${flags}`.split(' '), 'a', 'b'], {
        cwd: folder,
        maxBuffer: 1 << 26,
      });
      const { members, bodies } = scan(tar, [512]);
      expect(members.map(({ name, isSparse }) => [name, isSparse])).toEqual([
        ['a', true],
        ['b', false],
      ]);
      expect(bodies[1]).toBe('after\n$');
      expect(members[0]?.size).toBeLessThan(100_000);
    },
  );

  it('reads pax records: binary values, size, fractions, both kinds of xattr, global ones', () => {
    const tar = Buffer.concat([
      pax({ mtime: '5', 'SCHILY.xattr.user.all': 'g' }, 'g'),
      pax({
        path: 'd/\xff\n=x',
        size: '4',
        mtime: '1700000000.123456789',
        uid: '4000000000000',
        'SCHILY.xattr.security.capability': '\x01\x00\xff\n\x02',
        'LIBARCHIVE.xattr.security.capability': 'AAAA',
        'LIBARCHIVE.xattr.user.%62': 'aGk',
      }),
      block({ name: 'short' }),
      padded('body'),
      block({ name: 'next', mtime: '00000000001' }),
      END,
    ]);
    const { members, bodies } = scan(tar, [300]);
    expect(members[0]).toMatchObject({
      name: 'd/\udcff\n=x',
      size: 4,
      mtime: 1700000000.1234567,
      uid: 4e12,
      xattrs: { 'security.capability': '\x01\x00\xff\n\x02', 'user.b': 'hi', 'user.all': 'g' },
    });
    expect(bodies[0]).toBe('body$');
    expect(members[1]).toMatchObject({ name: 'next', mtime: 5, xattrs: { 'user.all': 'g' } });
  });

  it('reads base-256 numbers, star and v7 headers, and signed checksums', () => {
    const large = Buffer.alloc(12);
    large[0] = 0x80;
    large[11] = 3;
    const negative = Buffer.alloc(12, 0xff);
    const star = block({ name: 'file', prefix: 'star', magic: 'ustar\x0000' });
    star.write('00000000001', 476);
    star.write('tar\0', 508);
    const old = block({ name: 'n\xe9', type: '\0' });
    const sum = old.reduce((total, byte, i) => total + (i >= 148 && i < 156 ? 32 : (byte << 24) >> 24), 0);
    old.write(`${sum.toString(8).padStart(6, '0')}\0 `, 148);
    const tar = Buffer.concat([
      block({ name: 'big', size: large, mtime: negative }),
      padded('abc'),
      signed(star),
      block({ name: 'dir/', type: '\0' }),
      old,
      END,
    ]);
    const { members, bodies } = scan(tar);
    expect(members.map(({ name, kind }) => [name, kind])).toEqual([
      ['big', 'file'],
      ['star/file', 'file'],
      ['dir/', 'directory'],
      ['né', 'file'],
    ]);
    expect(bodies[0]).toBe('abc$');
    expect(members[0]?.mtime).toBe(-1);
  });

  it('ends at two zero blocks, at the end of the input, and at one lone zero block with a remark', () => {
    const file = block({ name: 'a' });
    expect(scan(Buffer.concat([file, END, file])).members).toHaveLength(1);
    expect(scan(file).members).toHaveLength(1);
    const lone = scan(Buffer.concat([file, Buffer.alloc(512), file]));
    expect(lone.members).toHaveLength(1);
    expect(lone.problems).toEqual(['byte 1024: data after a lone zero block is ignored']);
    expect(scan(Buffer.alloc(0)).members).toHaveLength(0);
  });

  it('leaves out types that are no file', () => {
    const { members, problems } = scan(Buffer.concat([block({ name: 'label', type: 'V' }), block({ name: 'a' }), END]));
    expect(members.map(({ name }) => name)).toEqual(['a']);
    expect(problems).toEqual(['label: member of type "V" is left out']);
  });

  it('says where it was cut', async () => {
    const bytes = await sample();
    expect(failure(bytes.subarray(0, 1027))).toMatchObject({
      code: 'E_TRUNCATED',
      message: 'the tar archive ends early: inside etc/hosts, 6 bytes short',
      where: 'x.tar, byte 1027',
    });
    expect(failure(bytes.subarray(0, 700)).message).toMatch(/inside a header/);
    const long = bytes.indexOf(`long/${'n'.repeat(120)}`);
    expect(failure(bytes.subarray(0, long + 10)).message).toMatch(/inside an extended header/);
  });

  it('says what is broken', () => {
    expect(failure(Buffer.alloc(600, 'text'))).toMatchObject({ code: 'E_CORRUPT', message: 'this is no tar archive' });
    expect(failure(Buffer.from('text'))).toMatchObject({ code: 'E_CORRUPT', message: 'this is no tar archive' });
    const junk = Buffer.concat([block({ name: 'a' }), Buffer.alloc(512, 'j')]);
    expect(failure(junk)).toMatchObject({ code: 'E_CORRUPT', where: 'x.tar, byte 512' });
    expect(failure(Buffer.concat([block({ name: 'a', size: 'not a number' })])).code).toBe('E_CORRUPT');
    expect(failure(Buffer.concat([pax({ size: '-5' }), block({ name: 'a' })])).code).toBe('E_CORRUPT');
    const malformed = Buffer.concat([
      block({ name: 'p', type: 'x', size: octal(5) }),
      padded('99 a='),
      block({ name: 'a' }),
    ]);
    expect(failure(malformed)).toMatchObject({ code: 'E_CORRUPT', message: 'a pax header has a malformed record' });
  });

  it('allocates nothing because a header claims it', () => {
    expect(failure(block({ name: 'p', type: 'x', size: '77777777777' })).code).toBe('E_LIMIT');
    expect(failure(block({ name: 'a', size: '77777777777' })).code).toBe('E_TRUNCATED');
    expect(failure(Buffer.concat([pax({ path: 'p'.repeat(40_000) }), block({ name: 'a' }), END])).code).toBe('E_LIMIT');
  });
});

describe('PlainHeader', () => {
  /** The record of a tar, with plain headers read as such, or all of them the long way. */
  const record = (bytes: Buffer, isLong: boolean) => {
    const builder = new RecordBuilder([], false, 'x.tar', LIMITS);
    const long = {
      member: (member: TarMember) => builder.member(member),
      problem: (message: string) => builder.problem(message),
    };
    const scanner = new TarScanner(isLong ? long : builder, 'x.tar');
    scanner.write(bytes);
    scanner.end();
    const { entries, storedBytes, problems } = builder.build();
    return { entries: [...entries], storedBytes, problems, members: scanner.members };
  };
  // Names of the characters that mean something, in fields of all lengths.
  const name = fc.array(fc.constantFrom('a', '/', '.', '..', '.wh.', 'wh', '\xff', 'é', 'n'.repeat(20)), {
    maxLength: 12,
  });
  const text = (most: number) => name.map((parts) => Buffer.from(parts.join(''), 'latin1').subarray(0, most));
  const header = fc.record({
    name: text(100),
    link: text(100),
    prefix: text(155),
    magic: fc.constantFrom('ustar\x0000', 'ustar  \0', ''),
    type: fc.constantFrom('0', '\0', '1', '2', '3', '5', '7', 'S', 'V', 'g', 'x', 'L'),
    mode: fc.constantFrom('0000644', '  4755 ', 'x', Buffer.from([0x80, 0, 0, 0, 0, 0, 0, 9])),
    mtime: fc.constantFrom('14371573710', '', Buffer.from('ffffffffffffffffffffff00', 'hex')),
  });

  it('says of a member what the long way says', () => {
    fc.assert(
      fc.property(fc.array(header, { maxLength: 6 }), (headers) => {
        const bytes = Buffer.concat([...headers.map(block), END]);
        const outcome = (isLong: boolean) => {
          try {
            return record(bytes, isLong);
          } catch (error) {
            if (error instanceof DlintError) return `${error.code} ${error.message} ${error.where}`;
            throw error;
          }
        };
        expect(outcome(false)).toEqual(outcome(true));
      }),
      { numRuns: 3000 },
    );
  });

  it('names a member that is cut as it is written', () => {
    const bytes = Buffer.concat([block({ name: './usr/bin/ls', size: octal(2000) }), Buffer.alloc(700)]);
    const scanner = new TarScanner(new RecordBuilder([], false, 'x.tar', LIMITS), 'x.tar');
    scanner.write(bytes);
    expect(() => scanner.end()).toThrow('inside ./usr/bin/ls, 1300 bytes short');
  });
});

describe('layerEntry', () => {
  const entry = (name: string, kind: TarMember['kind'] = 'file', link = '') => {
    const problems: string[] = [];
    const numbers = { size: 0, mode: 0, uid: 0, gid: 0, mtime: 0, bodyOffset: 0 };
    const member = { name, kind, link, ...numbers, xattrs: undefined, device: undefined, isSparse: false };
    const found = layerEntry(member, (problem) => problems.push(problem));
    return found ? `${found.kind} ${found.path} ${found.link}`.trim() : (problems[0] ?? 'left out');
  };

  it.each([
    ['./etc/.wh.passwd', 'whiteout etc/passwd'],
    ['.wh.top', 'whiteout top'],
    ['etc/.wh..wh..opq', 'opaque etc'],
    ['.wh..wh..opq', 'opaque'],
    ['.wh..wh.plnk/1.2', 'left out'],
    ['a/.wh..wh.aufs', 'left out'],
    ['.wh..wh.orph/.wh..wh..opq', 'left out'],
    ['sea/.whale', 'file sea/.whale'],
    ['a.wh.b', 'file a.wh.b'],
    ['.wh.bin/busybox', 'file .wh.bin/busybox'],
    ['a/.wh..', 'a/.wh..: a whiteout that names nothing is left out'],
    ['a/.wh...', 'a/.wh...: a whiteout that names nothing is left out'],
    ['a/.wh.', 'a/.wh.: a whiteout that names nothing is left out'],
    ['/../../etc/shadow', 'file etc/shadow'],
    ['./', 'file'],
  ])('%s is %s', (name, expected) => {
    expect(entry(name)).toBe(expected);
  });

  it('normalises targets of hard links, and leaves those of symlinks as written', () => {
    expect(entry('a', 'hardlink', '/../b/./c')).toBe('hardlink a b/c');
    expect(entry('a', 'symlink', '/../b/./c')).toBe('symlink a /../b/./c');
  });
});

it('is in step with GNU tar on a real system folder', () => {
  const tar = execFileSync('tar', ['-c', '--format=posix', '-C', '/usr/share', 'perl'], {
    maxBuffer: 1 << 28,
    stdio: ['ignore', 'pipe', 'ignore'],
  });
  const file = join(temporaryFolder(), 'x.tar');
  writeFileSync(file, tar);
  const listed = execFileSync('tar', ['-tf', file, '--quoting-style=literal']).toString().trimEnd().split('\n');
  expect(scan(readFileSync(file), [65_536], true).members.map(({ name }) => name)).toEqual(listed);
});
