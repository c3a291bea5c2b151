import { describe, expect, it } from 'vitest';
import { DlintError } from '../../src/errors.ts';
import { openImage } from '../../src/layers/open.ts';
import { stackImage } from '../../src/layers/stacked-image.ts';
import {
  archiveOf,
  directory,
  dockerFiles,
  END,
  extended,
  file,
  hardlink,
  header,
  octal,
  pax,
  paxRecord,
  signed,
  symlink,
  tar,
} from '../support/hostile.ts';
import { temporaryFile } from '../support/images.ts';

const HOSTS = file('etc/hosts', 'localhost\n');
const base256 = (first: number, rest: number): Buffer => Buffer.from([first, ...Array(11).fill(rest)]);

async function read(...layers: Buffer[]) {
  return await stackImage(temporaryFile(archiveOf(dockerFiles({ layers }))));
}

/** The code of the error that reading a layer ends with; what is not a DlintError is thrown on. */
async function failure(layer: Buffer): Promise<string> {
  try {
    await read(layer);
  } catch (error) {
    if (!(error instanceof DlintError)) throw error;
    expect(error.where).toMatch(/layer 1/);
    expect(error.message).not.toBe('');
    return error.code;
  }
  return 'none';
}

async function paths(...layers: Buffer[]): Promise<string[]> {
  const { tree } = await read(...layers);
  return [...tree.files()].map(({ path, kind }) => (kind === 'directory' ? `${path}/` : path));
}

describe('a tar whose numbers lie is refused', () => {
  it.each<[string, string, Buffer]>([
    ['a negative size', 'E_CORRUPT', tar(file('a', '', { size: base256(0xff, 0xf0) }))],
    ['a size beyond all numbers', 'E_CORRUPT', tar(file('a', '', { size: base256(0x80, 0xff) }))],
    ['a size of no digits', 'E_CORRUPT', tar(file('a', '', { size: '99999999999' }))],
    ['a minus in octal', 'E_CORRUPT', tar(file('a', '', { size: '-0000000001' }))],
    ['a size of 8 GiB', 'E_TRUNCATED', tar(file('a', '', { size: '77777777777' }))],
    [
      'a size of 8 PiB',
      'E_TRUNCATED',
      tar(file('a', '', { size: Buffer.from([128, 0, 0, 0, 0, 31, 0, 0, 0, 0, 0, 0]) })),
    ],
    ['a pax size that is larger', 'E_TRUNCATED', tar(pax([['size', '999999']]), file('a', 'x'))],
    ['a pax size of 1e30', 'E_CORRUPT', tar(pax([['size', '1'.padEnd(30, '0')]]), file('a', 'x'))],
    ['a pax size that is negative', 'E_CORRUPT', tar(pax([['size', '-1']]), file('a', 'x'))],
    ['a pax size that is smaller', 'E_CORRUPT', tar(pax([['size', '1']]), file('a', 'x'.repeat(5000)))],
    ['a pax header of 1 GiB, claimed', 'E_LIMIT', tar(extended('x', 'x').fill(octal(2 ** 30), 124, 135), HOSTS)],
    ['a record longer than its header', 'E_CORRUPT', tar(extended('x', '99 path=a\n'), HOSTS)],
    ['a record without a length', 'E_CORRUPT', tar(extended('x', ' path=a\n'), HOSTS)],
    ['a record of length 0', 'E_CORRUPT', tar(extended('x', '0 path=a\n'), HOSTS)],
    ['a long name of 1 MiB', 'E_LIMIT', tar(extended('L', 'n'.repeat(2 ** 20 + 1)), HOSTS)],
    ['a name of 40,000 bytes', 'E_LIMIT', tar(extended('L', 'n'.repeat(40_000)), HOSTS)],
    ['a link of 40,000 bytes', 'E_LIMIT', tar(extended('K', 'n'.repeat(40_000)), symlink('a', 'b'))],
    ['a path of 16,000 names', 'E_LIMIT', tar(pax([['path', 'a/'.repeat(16_000)]]), HOSTS)],
    ['an extended header behind which nothing comes', 'E_TRUNCATED', tar(pax([['path', 'a']]))],
    ['a sparse map without end', 'E_TRUNCATED', sparseMapWithoutEnd()],
  ])('%s: %s', async (_, code, layer) => {
    // A header that was changed after it was signed.
    for (let at = 0; at + 512 <= layer.length; at += 512) if (isHeader(layer, at)) signed(layer.subarray(at, at + 512));
    expect(await failure(layer)).toBe(code);
  });

  it('a checksum that is wrong', async () => {
    const layer = tar(HOSTS, file('etc/passwd', 'root'));
    layer[1024] = 0x58;
    expect(await failure(layer)).toBe('E_CORRUPT');
  });

  it('many headers before one member, and many that hold for all', async () => {
    const records = Array.from({ length: 10_000 }, (_, i) => [`SCHILY.xattr.user.${i}`, 'v'] as const);
    const own = Array.from({ length: 8 }, (_, i) =>
      pax(records.map(([key, value]) => [`${key}.${i}`, value] as const)),
    );
    const all = Array.from({ length: 8 }, (_, i) =>
      pax(
        records.map(([key, value]) => [`${key}.${i}`, value] as const),
        'g',
      ),
    );
    expect(await failure(tar(...own, HOSTS))).toBe('E_LIMIT');
    expect(await failure(tar(...all, HOSTS))).toBe('E_LIMIT');
  });

  it('attributes for all that are copied to each member', async () => {
    const all = pax([['SCHILY.xattr.user.large', 'v'.repeat(900_000)]], 'g');
    const member = Buffer.concat([pax([['mtime', '1']]), header({ name: 'a' })]);
    expect(await failure(tar(all, ...Array<Buffer>(100).fill(member)))).toBe('E_LIMIT');
  });
});

function isHeader(bytes: Buffer, at: number): boolean {
  return bytes.toString('latin1', at + 257, at + 262) === 'ustar';
}

/** Old GNU: each block of the map says that one more follows. */
function sparseMapWithoutEnd(): Buffer {
  const member = header({ name: 'sparse', type: 'S', size: 512 });
  member[482] = 1;
  return Buffer.concat([signed(member), ...Array(20).fill(Buffer.alloc(512, 1))]);
}

describe('what is odd is read', () => {
  it('sparse files whose maps lie, with a word about it', async () => {
    const keys = (major: string, minor: string) =>
      [
        ['GNU.sparse.major', major],
        ['GNU.sparse.minor', minor],
      ] as const;
    const { tree, records } = await read(
      tar(
        pax([...keys('1', '0'), ['GNU.sparse.name', 'one'], ['GNU.sparse.realsize', '99999999999999999999']]),
        file('x', '99999999\n5\n'.padEnd(512, '\0')),
        pax([
          ['GNU.sparse.map', '0,-1,5,junk'],
          ['GNU.sparse.size', '-7'],
          ['GNU.sparse.numblocks', '1e9'],
        ]),
        file('two', 'abc'),
        pax([
          ['GNU.sparse.size', 'x'],
          ['GNU.sparse.offset', '5'],
          ['GNU.sparse.numbytes', '-5'],
        ]),
        file('three', 'abc'),
        file('four', 'packed', { type: 'S' }),
        HOSTS,
      ),
    );
    expect([...tree.files()].map(({ path }) => path)).toEqual(['etc', 'etc/hosts', 'four', 'one', 'three', 'two']);
    expect(records[0]?.problems.filter((problem) => problem.includes('sparse'))).toHaveLength(4);
  });

  it('keys that come twice: the last one counts', async () => {
    const twice = extended('x', Buffer.concat([paxRecord('path', 'first'), paxRecord('path', 'second')]));
    expect(await paths(tar(twice, HOSTS))).toEqual(['second']);
  });

  it('hard links in circles and to nothing, with a word about it', async () => {
    const { tree } = await read(tar(hardlink('a', 'b'), hardlink('b', 'a'), hardlink('self', 'self'), HOSTS));
    expect([...tree.files()].map(({ path }) => path)).toEqual(['etc', 'etc/hosts']);
    expect(tree.layers[0]?.problems['hard link without target']).toBe(3);
  });

  it('circles of symlinks on the way to a file, with a word about it', async () => {
    const { tree } = await read(
      tar(symlink('a', 'b'), symlink('b', 'a'), symlink('c', 'c/c'), file('a/x'), file('c/x')),
    );
    expect([...tree.files()].map(({ path }) => path)).toEqual(['a', 'b', 'c']);
    expect(tree.layers[0]?.problems['path through a loop of symlinks']).toBe(2);
  });

  it('names that lead out of the root stay inside', async () => {
    const names = ['../../etc/shadow', '/etc/passwd', './/a//../b', 'x/../../y', '..', '/', '.'];
    expect(await paths(tar(...names.map((name) => file(name, 'x'))))).toEqual([
      'b',
      'etc/',
      'etc/passwd',
      'etc/shadow',
      'y',
    ]);
  });

  it('names with NUL, and names that are no text', async () => {
    const odd = tar(pax([['path', 'a\0b']]), file('x'), file(Buffer.from([0x66, 0xff, 0xfe, 0x0a, 0x1b])));
    expect(await paths(odd)).toEqual(['a\0b', 'f\udcff\udcfe\n\u001b']);
  });

  it('a name that comes twice: the last one counts', async () => {
    const { tree } = await read(tar(file('a', 'first'), directory('d'), file('a', 'second one'), file('d', 'x')));
    expect([...tree.files()].map(({ path, kind, entry }) => [path, kind, entry.size])).toEqual([
      ['a', 'file', 10],
      ['d', 'file', 1],
    ]);
  });

  it('whiteouts of nothing and of the root, and an opaque root', async () => {
    const below = tar(HOSTS, file('a', 'x'));
    expect(await paths(below, tar(file('.wh.'), file('.wh..'), file('.wh...'), file('etc/.wh.')))).toEqual([
      'a',
      'etc/',
      'etc/hosts',
    ]);
    expect(await paths(below, tar(file('b', 'x'), file('.wh..wh..opq')))).toEqual(['b']);
    expect(await paths(below, tar(file('etc/.wh..'), file('.wh.a/b')))).toContain('etc/hosts');
  });

  it('a path that is a file, a directory and a link by turns', async () => {
    const layers = [
      tar(file('p', 'x')),
      tar(file('p/q', 'x')),
      tar(symlink('p', 'z')),
      tar(directory('p'), file('p/r')),
    ];
    expect(await paths(...layers)).toEqual(['p/', 'p/r']);
    expect(await paths(...layers.slice(0, 3))).toEqual(['p']);
  });

  it('what follows the end, and what follows half an end', async () => {
    expect(await paths(Buffer.concat([tar(HOSTS), file('late', 'x'), END]))).toEqual(['etc/', 'etc/hosts']);
    const { records, tree } = await read(Buffer.concat([HOSTS, Buffer.alloc(512), file('late', 'x'), END]));
    expect([...tree.files()]).toHaveLength(2);
    expect(records[0]?.problems).toEqual([expect.stringContaining('after a lone zero block')]);
  });

  it('members of no known type, with a word about it', async () => {
    const { records } = await read(tar(file('a', 'x', { type: 'Z' }), file('b', 'x', { type: 'V' }), HOSTS));
    expect(records[0]?.problems).toHaveLength(2);
  });

  it('attributes that are named as what objects have', async () => {
    const odd = tar(
      pax([
        ['SCHILY.xattr.__proto__', 'x'],
        ['SCHILY.xattr.constructor', 'y'],
        ['path', '__proto__/toString'],
      ]),
      file('x'),
    );
    expect(await paths(odd)).toEqual(['__proto__/', '__proto__/toString']);
    expect(({} as Record<string, unknown>).x).toBeUndefined();
  });
});

it('a layer that is listed a thousand times is bounded as a thousand layers are', async () => {
  const layer = Buffer.concat([...Array.from({ length: 20_000 }, (_, i) => header({ name: `d/${i}` })), END]);
  const manifest = (honest: unknown): string => {
    const [image] = honest as [{ Layers: string[] }];
    return JSON.stringify([{ ...image, Layers: Array(900).fill(image.Layers[0]) }]);
  };
  const reference = temporaryFile(archiveOf(dockerFiles({ layers: [layer], manifest })));
  expect((await openImage(reference)).layers).toHaveLength(900);
  await expect(stackImage(reference)).rejects.toMatchObject({ code: 'E_LIMIT' });
});
