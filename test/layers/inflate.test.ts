import { execFileSync } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { gzipSync } from 'node:zlib';
import { describe, expect, it } from 'vitest';
import { DlintError } from '../../src/errors.ts';
import { type Compression, createInflater } from '../../src/layers/inflate.ts';
import { LIMITS } from '../../src/layers/limits.ts';
import { syncZlib } from '../../src/layers/sync-zlib.ts';

interface Way {
  compression: Compression;
  useInternals?: boolean;
  zstd?: readonly ('node' | 'program' | 'script')[];
  limits?: typeof LIMITS;
}

/** Unpacks `bytes` written in chunks of `step`. */
async function inflate(bytes: Buffer, step: number, way: Way): Promise<Buffer> {
  const parts: Buffer[] = [];
  const { compression, ...options } = way;
  const inflater = createInflater(compression, (chunk) => parts.push(Buffer.from(chunk)), { where: 'x', ...options });
  try {
    for (let at = 0; at < bytes.length; at += step) {
      const chunk = Buffer.from(bytes.subarray(at, at + step));
      await inflater.write(chunk);
      chunk.fill(0xaa); // chunks are used again
    }
    await inflater.end();
  } finally {
    inflater.close();
  }
  return Buffer.concat(parts);
}

async function failure(bytes: Buffer, step: number, way: Way): Promise<string> {
  try {
    await inflate(bytes, step, way);
  } catch (error) {
    return error instanceof DlintError ? error.code : String(error);
  }
  return 'none';
}

function zstd(bytes: Buffer, ...flags: string[]): Buffer {
  return execFileSync('zstd', ['-c', '-q', ...flags], { input: bytes, maxBuffer: 1 << 28 });
}

const hasZstd = (() => {
  try {
    execFileSync('zstd', ['--version'], { stdio: 'ignore' });
    return true;
  } catch {
    return false;
  }
})();

const text = Buffer.concat([Buffer.from('all work and no play '.repeat(40_000)), randomBytes(300_000)]);

describe.each([
  ['gzip, synchronous', { compression: 'gzip' }],
  ['gzip, public stream', { compression: 'gzip', useInternals: false }],
] as const)('%s', (_, way) => {
  it.each([7, 512, 65_536, 1 << 24])('gives the bytes back, in chunks of %i', async (step) => {
    const bytes = step === 7 ? text.subarray(0, 5000) : text;
    expect((await inflate(gzipSync(bytes), step, way)).equals(bytes)).toBe(true);
  });

  it('reads members one after the other, and zeros after them', async () => {
    const members = Buffer.concat([gzipSync('one '), gzipSync('two '), gzipSync(text), Buffer.alloc(700)]);
    for (const step of [1000, 1 << 24]) {
      const expected = Buffer.concat([Buffer.from('one two '), text]);
      expect((await inflate(members, step, way)).equals(expected)).toBe(true);
    }
  });

  it('says that data is cut', async () => {
    const packed = gzipSync(text);
    for (const length of [5, 100, packed.length >> 1, packed.length - 9, packed.length - 1]) {
      expect(await failure(packed.subarray(0, length), 4096, way)).toBe('E_TRUNCATED');
    }
  });

  it('says that data is broken', async () => {
    const packed = gzipSync(text);
    packed[packed.length - 6] = (packed[packed.length - 6] as number) ^ 1;
    expect(await failure(packed, 4096, way)).toBe('E_CORRUPT');
    expect(await failure(Buffer.from('no gzip at all'), 4096, way)).toBe('E_CORRUPT');
  });

  it('stops at the bound', async () => {
    const limits = { ...LIMITS, inflatedBytes: 1_000_000 };
    expect(await failure(gzipSync(Buffer.alloc(3_000_000)), 4096, { ...way, limits })).toBe('E_LIMIT');
  });
});

it('finds the synchronous gzip decoder in this Node', () => {
  expect(syncZlib('gzip')).toBeDefined();
});

describe.skipIf(!hasZstd).each([
  ['zstd', { compression: 'zstd' }],
  ['zstd by the program', { compression: 'zstd', zstd: ['program'] }],
  ['zstd in JavaScript', { compression: 'zstd', zstd: ['script'] }],
] as const)('%s', (_, way) => {
  const skippable = Buffer.from('502a4d18030000006f6f7a', 'hex');

  it.each([1, 7, 512, 65_536, 1 << 24])('gives the bytes back, in chunks of %i', async (step) => {
    const bytes = step < 10 ? text.subarray(0, 5000) : text;
    expect((await inflate(zstd(bytes), step, way)).equals(bytes)).toBe(true);
  });

  it('reads frames one after the other, skippable ones left out', async () => {
    const frames = [skippable, zstd(Buffer.from('one ')), skippable, zstd(text, '--no-check'), skippable];
    for (const step of [1000, 1 << 24]) {
      const expected = Buffer.concat([Buffer.from('one '), text]);
      expect((await inflate(Buffer.concat(frames), step, way)).equals(expected)).toBe(true);
    }
    expect(await inflate(Buffer.from('502a4d1800000000', 'hex'), 3, way)).toEqual(Buffer.alloc(0));
  });

  it('says that data is cut', async () => {
    const packed = zstd(text);
    for (const length of [3, 5, 100, packed.length >> 1, packed.length - 1]) {
      expect(await failure(packed.subarray(0, length), 4096, way)).toBe('E_TRUNCATED');
    }
    expect(await failure(skippable.subarray(0, 9), 4, way)).toBe('E_TRUNCATED');
  });

  it('says that data is broken', async () => {
    expect(await failure(Buffer.concat([zstd(text), Buffer.from('garbage')]), 4096, way)).toBe('E_CORRUPT');
  });

  it('says that large data is cut or broken, and stops at the bound', async () => {
    const noise = randomBytes(2_000_000);
    const packed = zstd(noise);
    expect((await inflate(packed, 100_000, way)).equals(noise)).toBe(true);
    expect(await failure(packed.subarray(0, 1_500_000), 100_000, way)).toBe('E_TRUNCATED');
    const zeros = zstd(Buffer.concat([noise.subarray(0, 600_000), Buffer.alloc(50_000_000)]));
    expect(await failure(zeros, 65_536, { ...way, limits: { ...LIMITS, inflatedBytes: 10_000_000 } })).toBe('E_LIMIT');
  });

  it('refuses windows that cost too much', async () => {
    const header = (window: number) => Buffer.from([0x28, 0xb5, 0x2f, 0xfd, 0, window, 1, 0, 0]);
    expect(await failure(header(0x70), 64, { ...way, zstd: ['script'] })).toBe('E_UNSUPPORTED');
    expect(await failure(header(0xb0), 64, way)).toBe('E_LIMIT');
    expect(await failure(zstd(text, '--long=27'), 4096, { ...way, zstd: ['script'] })).toBe('E_UNSUPPORTED');
  });
});

describe.skipIf(!hasZstd)('zstd of a large window', () => {
  it('is left to the program, and refused where there is none', async () => {
    const bytes = randomBytes(1_000_000);
    const packed = zstd(bytes, '--long=27');
    expect((await inflate(packed, 65_536, { compression: 'zstd', zstd: ['program'] })).equals(bytes)).toBe(true);
    const small = zstd(text.subarray(0, 5000), '--long=27', '--no-content-size');
    expect((await inflate(small, 512, { compression: 'zstd', zstd: ['program'] })).length).toBe(5000);
    const path = process.env.PATH;
    process.env.PATH = '/nonexistent';
    try {
      expect(await failure(packed, 65_536, { compression: 'zstd', zstd: ['program'] })).toBe('E_UNSUPPORTED');
    } finally {
      process.env.PATH = path;
    }
  });
});
