import { spawnSync } from 'node:child_process';
import { describe, expect, test } from 'vitest';
import { unxz } from '../../src/sbom/formats/xz.ts';
import { catalogFiles } from '../support/catalog-files.ts';
import { elf } from '../support/elf.ts';

/** `xz --check=crc32 --lzma2=dict=4KiB` of "ab" forty times and a newline. */
const PACKED = Buffer.from(
  '/Td6WFoAAAFpIt42AgAhAQAAAAA3J5fW4ABQAAldADCYqPAQUAAAAAAAAADHZjV/AAEhUarBdbCQQpkNAQAAAAABWVo=',
  'base64',
);

const hasXz = spawnSync('xz', ['--version']).status === 0;

function packed(body: Buffer, ...options: string[]): Buffer {
  return spawnSync('xz', ['-c', ...options], { input: body, maxBuffer: 1 << 28 }).stdout;
}

/** Neither all the same nor all noise: words in an order that a small generator chooses. */
function sample(bytes: number): Buffer {
  let seed = 12_345;
  const next = () => {
    seed = (Math.imul(seed, 1_103_515_245) + 12_345) & 0x7fffffff;
    return seed >>> 12;
  };
  const out = Buffer.alloc(bytes);
  for (let at = 0; at < bytes; ) {
    const text =
      next() % 5 === 0 ? String.fromCharCode(next() % 256) : ['module_init', 'printk\0', '\x7fELF'][next() % 3];
    at += out.write(text as string, at, 'latin1') || 1;
  }
  return out;
}

describe.skipIf(!hasXz)('what xz packs', () => {
  const body = sample(300_000);
  test.each([
    ['-0'],
    ['-9e', '--check=none'],
    ['--check=sha256'],
    ['--lzma2=lc=0,lp=2,pb=0'],
    ['--lzma2=lc=1,lp=3,pb=4'],
    ['--block-size=50000', '--threads=2'],
  ])('%s', (...options) => {
    expect(unxz(packed(body, ...options), 1 << 20).equals(body)).toBe(true);
    expect(unxz(packed(Buffer.alloc(0), ...options), 1 << 20)).toHaveLength(0);
  });

  test('noise, which is stored', () => {
    const noise = Buffer.from(Array.from({ length: 100_000 }, (_, i) => (Math.sin(i) * 1e9) & 255));
    expect(unxz(packed(noise), 1 << 20).equals(noise)).toBe(true);
  });

  test('other filters, bombs and cut streams are told', () => {
    expect(() => unxz(packed(body, '--x86', '--lzma2'), 1 << 20)).toThrow('filters');
    expect(() => unxz(packed(Buffer.alloc(10_000_000)), 1 << 20)).toThrow('unpacks to more');
    expect(() => unxz(packed(body).subarray(0, 5000), 1 << 20)).toThrow('cut');
  });

  test('a module that was built outside of the kernel', () => {
    const texts = ['name=zfs', 'version=2.1.11', 'license=CDDL-1.0', 'vermagic=6.1.0-18-amd64 SMP'];
    const module = packed(elf({ '.modinfo': texts.map((text) => `${text}\0`).join(''), '.text': sample(50_000) }));
    const { components } = catalogFiles({ 'lib/modules/6.1.0-18-amd64/extra/zfs.ko.xz': module });
    expect(components.map(({ purl }) => purl)).toEqual(['pkg:generic/linux-module/zfs@2.1.11']);
  });
});

test('a small stream', () => {
  expect(unxz(PACKED, 1000).toString()).toBe(`${'ab'.repeat(40)}\n`);
});

test('damage ends with an error, and soon', () => {
  for (let at = 0; at < PACKED.length; at++) {
    const damaged = Buffer.from(PACKED);
    damaged[at] = (damaged[at] as number) ^ 0x55;
    try {
      expect(unxz(damaged, 10_000).length).toBeLessThanOrEqual(10_000);
    } catch (error) {
      expect((error as Error).message).toMatch(/xz stream|unpacks to more/);
    }
  }
});
