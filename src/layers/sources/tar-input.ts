import type { ChildProcessWithoutNullStreams } from 'node:child_process';
import { once } from 'node:events';
import { createReadStream, statSync } from 'node:fs';
import { DlintError } from '../../errors.ts';
import { createInflater } from '../inflate.ts';
import { type Limits, raise } from '../limits.ts';
import { type Magic, SNIFF_BYTES, sniff } from '../sniff.ts';
import { readPipe } from './named-pipe.ts';
import { noProgram, programError, unpackWords } from './unpack.ts';

export interface TarInputOptions {
  /** As the user named the input. */
  readonly reference: string;
  readonly limits: Limits;
  readonly signal?: AbortSignal;
}

/** Takes bytes; a chunk is valid until it returns, or its promise is kept. */
export type OnChunk = (chunk: Buffer) => undefined | Promise<void>;

/** Compressed bytes are decoded so many at a time: what they unpack to may have to wait in memory. */
const SLICE = 32 * 1024;

/** A pipe or a file, from its beginning; `-` is standard input. */
export function openInput(path: string): AsyncIterable<Buffer> {
  if (path === '-') return process.stdin;
  if (statSync(path).isFIFO()) return readPipe(path);
  return createReadStream(path, { highWaterMark: 256 * 1024 });
}

/**
 * Passes an input on from front to back, decompressed where it is compressed as a whole; its chunks need be valid only
 * until the next. `check` sees its first bytes,
 * as they come, and may throw: a pipe can be endless.
 */
export async function passInput(
  input: AsyncIterable<Buffer>,
  options: TarInputOptions,
  check: (head: Buffer, magic: Magic) => void,
  onChunk: OnChunk,
): Promise<void> {
  const { reference, limits, signal } = options;
  const chunks = input[Symbol.asyncIterator]();
  const head = await readHead(chunks);
  const magic = sniff(head);
  try {
    check(head.subarray(0, SNIFF_BYTES), magic);
  } catch (error) {
    await chunks.return?.();
    throw error;
  }
  const whole = bounded(withHead(head, chunks), reference, limits, signal);
  if (magic === 'xz' || magic === 'bzip2') await passProgram(magic, whole, options, onChunk);
  else if (magic === 'other') for await (const chunk of whole) await onChunk(chunk);
  else await passInflated(magic, whole, options, onChunk);
}

async function readHead(chunks: AsyncIterator<Buffer>): Promise<Buffer> {
  let head: Buffer = Buffer.alloc(0);
  while (head.length < SNIFF_BYTES) {
    const { done, value } = await chunks.next();
    if (done) break;
    // A copy: the chunk is valid until the next.
    head = Buffer.concat([head, value]);
  }
  return head;
}

async function* withHead(head: Buffer, chunks: AsyncIterator<Buffer>): AsyncGenerator<Buffer> {
  try {
    if (head.length > 0) yield head;
    for (let next = await chunks.next(); !next.done; next = await chunks.next()) yield next.value;
  } finally {
    await chunks.return?.();
  }
}

async function* bounded(
  chunks: AsyncIterable<Buffer>,
  where: string,
  limits: Limits,
  signal: AbortSignal | undefined,
): AsyncGenerator<Buffer> {
  let total = 0;
  for await (const chunk of chunks) {
    signal?.throwIfAborted();
    total += chunk.length;
    if (total > limits.inflatedBytes) {
      throw new DlintError('E_LIMIT', `more than ${limits.inflatedBytes} bytes`, {
        where,
        hint: raise('inflatedBytes', limits),
      });
    }
    yield chunk;
  }
}

async function passInflated(
  magic: 'gzip' | 'zstd',
  input: AsyncIterable<Buffer>,
  { reference: where, limits }: TarInputOptions,
  onChunk: OnChunk,
): Promise<void> {
  let waiting: Promise<void> | undefined;
  const onOutput = (chunk: Buffer): void => {
    waiting = onChunk(chunk) ?? waiting;
  };
  const inflater = createInflater(magic, onOutput, { where, limits });
  try {
    for await (const chunk of input) {
      for (let at = 0; at < chunk.length; at += SLICE) {
        await inflater.write(chunk.subarray(at, at + SLICE));
        if (waiting) await waiting;
        waiting = undefined;
      }
    }
    await inflater.end();
    if (waiting) await waiting;
  } finally {
    inflater.close();
  }
}

/** xz and bzip2 need the program of that name. */
async function passProgram(
  program: 'xz' | 'bzip2',
  input: AsyncIterable<Buffer>,
  { reference, limits, signal }: TarInputOptions,
  onChunk: OnChunk,
): Promise<void> {
  const { spawn } = await import('node:child_process');
  const child: ChildProcessWithoutNullStreams = spawn(program, unpackWords(program), { stdio: 'pipe' });
  const ended = once(child, 'close') as Promise<[number | null]>;
  ended.catch(() => undefined);
  let complaint = '';
  child.stderr.on('data', (chunk: Buffer) => {
    complaint = (complaint + chunk.toString()).slice(0, 300);
  });
  // It may stop reading when the data is broken: what it says then counts, not that the pipe is closed.
  const fed = feed(child, input).then(
    () => undefined,
    (error: unknown) => ({ error }),
  );
  try {
    for await (const chunk of bounded(child.stdout, reference, limits, signal)) await onChunk(chunk);
    const [code] = await ended;
    if (code !== 0) throw programError(program, complaint, reference);
    const failure = await fed;
    if (failure) throw failure.error;
  } catch (error) {
    child.kill();
    throw (error as NodeJS.ErrnoException).code === 'ENOENT' ? noProgram(program, reference) : error;
  }
}

async function feed({ stdin }: ChildProcessWithoutNullStreams, input: AsyncIterable<Buffer>): Promise<void> {
  let isClosed = false;
  const closed = new Promise<void>((resolve) => {
    const close = (): void => {
      isClosed = true;
      resolve();
    };
    stdin.on('error', close);
    stdin.on('close', close);
  });
  for await (const chunk of input) {
    if (isClosed) return;
    if (!stdin.write(Buffer.from(chunk))) await Promise.race([once(stdin, 'drain').catch(() => undefined), closed]);
  }
  stdin.end();
}
