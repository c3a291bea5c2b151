import type { ChildProcessByStdio } from 'node:child_process';
import { once } from 'node:events';
import { closeSync, openSync, statSync, writeSync } from 'node:fs';
import { tmpdir } from 'node:os';
import type { Readable } from 'node:stream';
import { DlintError } from '../../errors.ts';
import { readInflated, withLayer } from '../layer-bytes.ts';
import { type Limits, raise } from '../limits.ts';
import { type Magic, SNIFF_BYTES } from '../sniff.ts';

export interface UnpackOptions {
  /** As the user named the input. */
  readonly reference: string;
  readonly limits: Limits;
  readonly signal?: AbortSignal;
}

/** Unpacks a compressed file into `target`. xz and bzip2 need the program of that name. */
export async function unpackFile(
  file: string,
  magic: Exclude<Magic, 'other'>,
  target: string,
  options: UnpackOptions,
): Promise<void> {
  const { reference, limits, signal } = options;
  if (magic === 'xz' || magic === 'bzip2') return await unpackByProgram(file, magic, target, options);
  const at = { file, offset: 0, length: statSync(file).size };
  const output = openSync(target, 'wx', 0o600);
  try {
    const write = (chunk: Buffer): void => writeAll(output, chunk);
    await withLayer(at, { where: reference, ...(signal && { signal }) }, (layer) =>
      readInflated(layer, write, { where: reference, limits }),
    );
  } finally {
    closeSync(output);
  }
}

/** Copies what comes through a pipe into `target`. `check` sees its beginning and may throw: a pipe can be endless. */
export async function spoolPipe(
  input: AsyncIterable<Buffer>,
  target: string,
  options: UnpackOptions,
  check: (head: Buffer) => void,
): Promise<void> {
  await spool(input, target, options, check);
}

async function spool(
  input: AsyncIterable<Buffer>,
  target: string,
  { reference, limits, signal }: UnpackOptions,
  check?: (head: Buffer) => void,
): Promise<void> {
  const output = openSync(target, 'wx', 0o600);
  let total = 0;
  let head: Buffer | undefined = Buffer.alloc(0);
  try {
    for await (const chunk of input) {
      signal?.throwIfAborted();
      total += (chunk as Buffer).length;
      if (head) {
        head = Buffer.concat([head, (chunk as Buffer).subarray(0, SNIFF_BYTES)]);
        if (head.length >= SNIFF_BYTES) {
          check?.(head.subarray(0, SNIFF_BYTES));
          head = undefined;
        }
      }
      if (total > limits.inflatedBytes) {
        throw new DlintError('E_LIMIT', `more than ${limits.inflatedBytes} bytes`, {
          where: reference,
          hint: raise('inflatedBytes', limits),
        });
      }
      writeAll(output, chunk as Buffer);
    }
  } finally {
    closeSync(output);
  }
}

async function unpackByProgram(
  file: string,
  program: 'xz' | 'bzip2',
  target: string,
  options: UnpackOptions,
): Promise<void> {
  const { reference } = options;
  const { spawn } = await import('node:child_process');
  const input = openSync(file, 'r');
  try {
    const child = spawn(program, unpackWords(program), { stdio: [input, 'pipe', 'pipe'] }) as ChildProcessByStdio<
      null,
      Readable,
      Readable
    >;
    const { stdout, stderr } = child;
    const ended = once(child, 'close') as Promise<[number | null]>;
    ended.catch(() => undefined);
    let complaint = '';
    stderr.on('data', (chunk: Buffer) => {
      complaint = (complaint + chunk.toString()).slice(0, 300);
    });
    try {
      await spool(stdout, target, options);
    } catch (error) {
      child.kill();
      throw error;
    }
    const [code] = await ended;
    if (code !== 0) throw programError(program, complaint, reference);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ENOENT') throw error;
    throw noProgram(program, reference);
  } finally {
    closeSync(input);
  }
}

/** A header of xz may ask for 4 GiB; its own highest level takes 65 MiB. bzip2 always has enough with four. */
export function unpackWords(program: 'xz' | 'bzip2'): readonly string[] {
  return program === 'xz' ? ['-dc', '--memlimit-decompress=512MiB'] : ['-dc'];
}

/** E_UNSUPPORTED: the machine lacks what unpacks it. */
export function noProgram(program: string, where: string): DlintError {
  const message = `compressed with ${program}, and there is no program ${program} here`;
  return new DlintError('E_UNSUPPORTED', message, { where, hint: `install ${program}, or unpack the file first` });
}

/** What an unpacking program complained of, as E_LIMIT, E_TRUNCATED or E_CORRUPT. */
export function programError(program: string, complaint: string, where: string): DlintError {
  const detail = complaint.split('\n')[0]?.trim() ?? '';
  if (/memory usage limit/i.test(complaint)) {
    return new DlintError('E_LIMIT', `${program} data that takes more than 512 MiB to unpack`, {
      where,
      hint: 'unpack the file first',
    });
  }
  const isCut = /unexpected end|ends unexpectedly/i.test(complaint);
  const message = isCut ? `the ${program} data ends early` : `broken ${program} data: ${detail}`;
  return new DlintError(isCut ? 'E_TRUNCATED' : 'E_CORRUPT', message, { where });
}

function writeAll(fd: number, chunk: Buffer): void {
  try {
    for (let done = 0; done < chunk.length; ) done += writeSync(fd, chunk, done);
  } catch (error) {
    throw new DlintError('E_WRITE', 'a temporary file cannot be written', {
      where: `${tmpdir()}: ${(error as Error).message}`,
      hint: 'set TMPDIR to a folder with room, or unpack the input first and give the file',
      cause: error,
    });
  }
}
