/** The built program with little memory: what it takes is bounded by its limits, not by what it is given. */
import { type SpawnSyncReturns, spawnSync } from 'node:child_process';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { describe, expect, it } from 'vitest';
import { fuzzedImage } from '../../scripts/fuzz/images.ts';
import { randomOf } from '../../scripts/fuzz/random.ts';
import { bin } from '../support/cli.ts';
import { archiveOf, configOf, dockerFiles, END, file, header, ociFiles, octal, pax, tar } from '../support/hostile.ts';
import { temporaryFile, temporaryFolder } from '../support/images.ts';

const HEAP_MIB = 160;
const SECONDS = 60;

interface RunOptions {
  readonly limits?: string;
  /** A shell command whose output is standard input. */
  readonly from?: string;
}

/** dlint with a small heap; a shell is only there for the pipe. */
function run(args: readonly string[], { limits, from }: RunOptions = {}): SpawnSyncReturns<string> {
  const words = [process.execPath, `--max-old-space-size=${HEAP_MIB}`, bin, ...args];
  const [command = '', ...rest] = from === undefined ? words : ['sh', '-c', `${from} | exec "$@"`, 'sh', ...words];
  return spawnSync(command, rest, {
    encoding: 'utf8',
    env: { ...process.env, DLINT_CACHE: 'off', ...(limits !== undefined && { DLINT_LIMITS: limits }) },
    maxBuffer: 1 << 28,
    timeout: SECONDS * 1000,
  });
}

/** Exit code 2, and three lines: what, where, what to do. */
function expectRefused({ status, stderr }: SpawnSyncReturns<string>, what: RegExp): void {
  expect(stderr).toMatch(what);
  expect(stderr).toMatch(/^error {2}[\s\S]*\n(?:where {2}[\s\S]*\n)?try {4}/);
  expect(stderr).not.toMatch(/\n {4}at |^bug/);
  expect(status).toBe(2);
}

/** A shell command that writes `count` times the bytes of a file. */
function repeated(bytes: Buffer, count: number): string {
  const script = `const b=require('fs').readFileSync(process.argv[1]);let n=+process.argv[2];process.stdout.on('error',()=>process.exit());const w=()=>{while(n-->0)if(!process.stdout.write(b))return process.stdout.once('drain',w)};w()`;
  return `'${process.execPath}' -e "${script.replaceAll('"', '\\"')}" '${temporaryFile(bytes)}' ${count}`;
}

const MEMBERS = Buffer.concat(Array.from({ length: 1000 }, (_, i) => header({ name: `usr/${i}` })));
const COMMANDS: readonly (readonly string[])[] = [
  ['inspect'],
  ['inspect', '-f', 'json'],
  ['sbom'],
  ['cat'],
  ['extract'],
  ['check', '--no-config'],
  ['diff'],
];

/** Each command on the same image. */
function everyCommand(image: string, options: RunOptions = {}): SpawnSyncReturns<string>[] {
  return COMMANDS.map(([command = '', ...flags]) => {
    const more =
      command === 'cat'
        ? ['etc/hosts']
        : command === 'extract'
          ? [join(temporaryFolder(), 'x')]
          : command === 'diff'
            ? [image]
            : [];
    return run([command, image, ...more, ...flags], options);
  });
}

describe('through a pipe', () => {
  it('members without end', () => {
    const limits = 'entries=300000';
    expectRefused(run(['inspect', '-'], { from: repeated(MEMBERS, 100_000), limits }), /more than 300000 members/);
    expectRefused(run(['sbom', '-'], { from: repeated(MEMBERS, 1000), limits }), /more than 300000 members/);
  });

  it('extended headers without end, and one of 1 GiB', () => {
    const one = pax([['comment', 'x'.repeat(60_000)]]);
    expectRefused(run(['inspect', '-'], { from: repeated(one, 1_000_000) }), /extended headers of \d+ bytes/);
    const huge = Buffer.concat([header({ name: 'x', type: 'x', size: octal(2 ** 30) }), Buffer.alloc(60_000, 'x')]);
    expectRefused(run(['inspect', '-'], { from: repeated(huge, 100_000) }), /extended headers of 1073741824 bytes/);
  });

  it('zeros and noise without end', () => {
    expectRefused(run(['inspect', '-'], { from: 'cat /dev/zero' }), /nothing but zeros/);
    expectRefused(run(['sbom', '-'], { from: 'cat /dev/urandom' }), /not an image|no tar archive|broken/);
  });
});

describe('what unpacks to more than it may', () => {
  const limits = 'inflatedBytes=64MiB';
  const zeros = (): Buffer =>
    Buffer.concat([header({ name: 'etc/zeros', size: 200 << 20 }), Buffer.alloc(200 << 20), END]);

  it('a layer in gzip: refused under the bound, read above it, because honest sparse files are so', () => {
    const image = temporaryFile(archiveOf(ociFiles({ layers: [zeros()], config: configOf([]) })));
    expectRefused(run(['inspect', image], { limits }), /unpacks to more than 67108864 bytes/);
    expect(run(['inspect', image])).toMatchObject({ status: 0, stderr: '' });
  });

  it('an archive in gzip', () => {
    const image = temporaryFile(
      gzipSync(archiveOf(dockerFiles({ layers: [zeros()], config: configOf([]) })), { level: 1 }),
    );
    expectRefused(run(['inspect', image], { limits }), /unpacks to more than/);
    expectRefused(run(['extract', image, join(temporaryFolder(), 'x')], { limits }), /unpacks to more than/);
  });

  it.each(['xz', 'bzip2'])('an archive in %s', (program) => {
    const plain = temporaryFile(
      archiveOf(dockerFiles({ layers: [zeros().subarray(0, 100 << 20)], config: configOf([]) })),
    );
    const from = `${program} -1 -c '${plain}'`;
    expectRefused(run(['inspect', '-'], { from, limits }), /more than 67108864 bytes/);
  });

  it('blocks of zstd that repeat one byte', () => {
    const block = Buffer.alloc(4);
    block.writeUIntLE(((128 << 10) << 3) | 2, 0, 3);
    const frame = [
      Buffer.from([0x28, 0xb5, 0x2f, 0xfd, 0, 0x58]),
      ...Array<Buffer>(4000).fill(block),
      Buffer.from([1, 0, 0]),
    ];
    const first = header({ name: 'etc/zeros', size: 400 << 20 });
    const raw = Buffer.alloc(3);
    raw.writeUIntLE(first.length << 3, 0, 3);
    frame.splice(1, 0, raw, first);
    const layer = Buffer.concat(frame);
    const image = temporaryFile(archiveOf(ociFiles({ layers: [tar()], compress: () => layer })));
    expectRefused(run(['inspect', image], { limits }), /unpacks to more than 67108864 bytes/);
  });
});

describe('memory', () => {
  it('names of 32 KB of an archive that are remembered', () => {
    const long = (i: number): Buffer =>
      Buffer.concat([pax([['path', `${i}${'n'.repeat(32_000)}`]]), header({ name: 'x' })]);
    const image = temporaryFile(gzipSync(tar(...Array.from({ length: 2500 }, (_, i) => long(i))), { level: 1 }));
    expectRefused(run(['inspect', image]), /names of members of more than/);
    expectRefused(run(['sbom', image]), /names of members of more than/);
  });

  it('paths of a thousand names', () => {
    const deep = (i: number): Buffer =>
      Buffer.concat([pax([['path', `${i}/${'a/'.repeat(900)}b`]]), header({ name: 'x' })]);
    const layer = tar(...Array.from({ length: 300 }, (_, i) => deep(i)));
    const image = temporaryFile(archiveOf(dockerFiles({ layers: [layer] })));
    for (const result of everyCommand(image, { limits: 'changedPathBytes=64MiB' })) {
      expectRefused(result, /changes whose paths have more than 67108864 bytes/);
    }
  });

  it('attributes that would be kept', () => {
    const one = (i: number): Buffer =>
      Buffer.concat([pax([['SCHILY.xattr.user.x', String(i).padEnd(900_000)]]), header({ name: `f${i}` })]);
    const layer = tar(...Array.from({ length: 80 }, (_, i) => one(i)));
    expectRefused(
      run(['inspect', temporaryFile(archiveOf(dockerFiles({ layers: [layer] })))]),
      /extended attributes of more than/,
    );
  });
});

it('a document of 64 MiB in the middle of a pipe', () => {
  const files = dockerFiles({ layers: [tar(file('a', 'x'))] });
  files.set('manifest.json', Buffer.concat([Buffer.from('['), Buffer.alloc(64 << 20, ' ')]));
  const image = temporaryFile(archiveOf(files));
  expectRefused(run(['inspect', image]), /bytes of JSON/);
  expectRefused(run(['inspect', '-'], { from: `cat '${image}'` }), /bytes of JSON/);
});

it('damaged by chance: three images, by every command', { timeout: 240_000 }, () => {
  for (let number = 0; number < 3; number++) {
    const { bytes, files } = fuzzedImage(randomOf(22, number));
    const image = temporaryFile(files ? archiveOf(files) : bytes);
    for (const { status, stderr } of everyCommand(image)) {
      expect([number, [0, 1, 2].includes(status ?? -1), /\n {4}at |^bug/.test(stderr)]).toEqual([number, true, false]);
    }
  }
});
