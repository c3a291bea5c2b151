import { once } from 'node:events';
import zlib from 'node:zlib';
import { Decompress } from 'fzstd';
import { DlintError } from '../errors.ts';
import { LIMITS, type Limits, raise } from './limits.ts';
import { type SyncZlib, syncZlib, type ZlibFailure } from './sync-zlib.ts';
import { ZstdFrames } from './zstd-frames.ts';
import { findZstd, ZstdProgram } from './zstd-program.ts';

export type Compression = 'none' | 'gzip' | 'zstd';

/** Compressed bytes are written to it, in order; its output goes to the function it was made with. */
export interface Inflater {
  /** A promise only where this Node has no synchronous decompressor. */
  write(chunk: Buffer): undefined | Promise<void>;
  /** States that the input ends here. */
  end(): undefined | Promise<void>;
  /** Lets go of what the decoder holds, at any time. */
  close(): void;
}

export interface InflateOptions {
  /** What the bytes are called in errors. */
  readonly where: string;
  readonly limits?: Limits;
  /** False: only public interfaces of Node. */
  readonly useInternals?: boolean;
  /** Decoders of zstd that may be used, whatever their order here; default all. */
  readonly zstd?: readonly ('node' | 'program' | 'script')[];
}

/**
 * A decoder for one stream of compressed bytes. Chunks handed to `onOutput` are valid until it returns.
 * Errors: `E_TRUNCATED`, `E_CORRUPT`, `E_LIMIT` for more than `limits.inflatedBytes`, `E_UNSUPPORTED` for a zstd window
 * that is too large here.
 */
export function createInflater(
  compression: Compression,
  onOutput: (chunk: Buffer) => void,
  { where, limits = LIMITS, useInternals = true, zstd = ['node', 'program', 'script'] }: InflateOptions,
): Inflater {
  const output = bounded(onOutput, where, limits);
  if (compression === 'none') return passThrough(output);
  if (compression === 'zstd') return zstdInflater(output, where, limits, zstd);
  const sync = useInternals ? syncZlib('gzip') : undefined;
  return sync ? syncGunzip(sync, output, where) : streamGunzip(output, where);
}

function bounded(onOutput: (chunk: Buffer) => void, where: string, limits: Limits): (chunk: Buffer) => void {
  let total = 0;
  return (chunk) => {
    total += chunk.length;
    if (total > limits.inflatedBytes) {
      throw new DlintError('E_LIMIT', `unpacks to more than ${limits.inflatedBytes} bytes`, {
        where,
        hint: raise('inflatedBytes', limits),
      });
    }
    onOutput(chunk);
  };
}

function passThrough(onOutput: (chunk: Buffer) => void): Inflater {
  return { write: (chunk) => void onOutput(chunk), end: () => undefined, close: () => undefined };
}

/** gzip in one or more members (RFC 1952); zeros after the last are padding. */
function syncGunzip(gunzip: SyncZlib, onOutput: (chunk: Buffer) => void, where: string): Inflater {
  let isEnded = false;
  const write = (chunk: Buffer, flush?: number): undefined => {
    if (isEnded) return;
    const left = gunzip.write(chunk, onOutput, flush);
    if (typeof left !== 'number') throw gzipError(left, where);
    isEnded = left > 0;
  };
  return {
    write: (chunk) => write(chunk),
    end: () => write(Buffer.alloc(0), zlib.constants.Z_FINISH),
    close: () => gunzip.close(),
  };
}

function streamGunzip(onOutput: (chunk: Buffer) => void, where: string): Inflater {
  const gunzip = zlib.createGunzip({ chunkSize: 256 * 1024 });
  let failure: Error | undefined;
  gunzip.on('error', (error) => {
    failure ??= gzipError(error as unknown as ZlibFailure, where);
  });
  gunzip.on('data', (chunk: Buffer) => {
    try {
      if (!failure) onOutput(chunk);
    } catch (error) {
      failure = error as Error;
    }
  });
  const check = (): void => {
    if (failure) throw failure;
  };
  return {
    // A broken stream may never call back: its closing counts, too.
    write: (chunk) =>
      new Promise<void>((resolve) => {
        gunzip.once('close', resolve);
        gunzip.write(Buffer.from(chunk), () => {
          gunzip.off('close', resolve);
          resolve();
        });
      }).then(check),
    end: async () => {
      if (!gunzip.destroyed) await Promise.allSettled([once(gunzip.end(), 'close')]);
      check();
    },
    close: () => void gunzip.destroy(),
  };
}

function gzipError(failure: ZlibFailure, where: string): DlintError {
  if (failure.code === 'Z_BUF_ERROR') return new DlintError('E_TRUNCATED', 'the gzip data ends early', { where });
  return new DlintError('E_CORRUPT', `broken gzip data: ${failure.message}`, { where });
}

/** Data up to here is decoded in JavaScript even where there is a program: starting that takes longer. */
const WORTH_A_PROGRAM = 256 * 1024;

/**
 * zstd frame by frame: with Node's decoder where there is one (Node 22.15 on), else by the `zstd` program, else in
 * JavaScript within its bound on windows.
 */
function zstdInflater(
  onOutput: (chunk: Buffer) => void,
  where: string,
  limits: Limits,
  ways: NonNullable<InflateOptions['zstd']>,
): Inflater {
  const sync = ways.includes('node') ? syncZlib('zstd') : undefined;
  if (sync) return syncUnzstd(sync, onOutput, where, limits);
  const program = ways.includes('program') ? findZstd() : undefined;
  const script = (): Inflater => scriptUnzstd(onOutput, where, limits);
  if (program === undefined) return script();
  const outside = (): Inflater => programUnzstd(program, onOutput, where, limits);
  return afterHead(WORTH_A_PROGRAM, outside, (whole) => {
    return largestWindow(whole, where) > limits.scriptWindowBytes ? outside() : script();
  });
}

function syncUnzstd(sync: SyncZlib, onOutput: (chunk: Buffer) => void, where: string, limits: Limits): Inflater {
  const data = (bytes: Buffer): void => {
    const left = sync.write(bytes, onOutput);
    if (typeof left !== 'number') throw new DlintError('E_CORRUPT', `broken zstd data: ${left.message}`, { where });
  };
  const begin = (window: number): void => checkWindow(window, limits.windowBytes, limits, where);
  // Node's decoder does not go on behind a frame by itself.
  const frames = new ZstdFrames({ begin, data, end: () => sync.reset() }, where);
  return { write: (chunk) => void frames.write(chunk), end: () => void frames.end(), close: () => sync.close() };
}

function scriptUnzstd(onOutput: (chunk: Buffer) => void, where: string, limits: Limits): Inflater {
  const decoder = new Decompress((chunk) => onOutput(Buffer.from(chunk.buffer, chunk.byteOffset, chunk.byteLength)));
  const data = (bytes: Buffer): void => {
    try {
      // It holds on to its input until a block is whole; the chunk is the caller's to use again.
      decoder.push(new Uint8Array(bytes));
    } catch (error) {
      if (error instanceof DlintError) throw error;
      throw new DlintError('E_CORRUPT', `broken zstd data: ${(error as Error).message}`, { where, cause: error });
    }
  };
  const begin = (window: number): void => checkWindow(window, limits.scriptWindowBytes, limits, where);
  const frames = new ZstdFrames({ begin, data, end: () => undefined }, where);
  return { write: (chunk) => void frames.write(chunk), end: () => void frames.end(), close: () => undefined };
}

function programUnzstd(program: string, onOutput: (chunk: Buffer) => void, where: string, limits: Limits): Inflater {
  let decoder: ZstdProgram | undefined;
  let pieces: Buffer[] = [];
  const begin = (window: number): void => checkWindow(window, limits.windowBytes, limits, where);
  const frames = new ZstdFrames({ begin, data: (bytes) => pieces.push(bytes), end: () => undefined }, where);
  return {
    async write(chunk) {
      frames.write(chunk);
      const bytes = Buffer.concat(pieces);
      pieces = [];
      decoder ??= await ZstdProgram.start(program, onOutput, where);
      await decoder.write(bytes);
    },
    async end() {
      frames.end();
      await decoder?.end();
    },
    close: () => decoder?.close(),
  };
}

function largestWindow(bytes: Buffer, where: string): number {
  let largest = 0;
  const begin = (window: number): void => {
    largest = Math.max(largest, window);
  };
  new ZstdFrames({ begin, data: () => undefined, end: () => undefined }, where).write(bytes);
  return largest;
}

/** Holds back what comes first: of more than that, `large` gets all; of less, what `small` makes of the whole. */
function afterHead(most: number, large: () => Inflater, small: (whole: Buffer) => Inflater): Inflater {
  let chosen: Inflater | undefined;
  let head: Buffer[] = [];
  let length = 0;
  const choose = (make: (held: Buffer) => Inflater): undefined | Promise<void> => {
    const held = Buffer.concat(head);
    head = [];
    chosen = make(held);
    return chosen.write(held);
  };
  return {
    write(chunk) {
      if (chosen) return chosen.write(chunk);
      head.push(Buffer.from(chunk));
      length += chunk.length;
      return length > most ? choose(large) : undefined;
    },
    async end() {
      if (!chosen) await choose(length > most ? large : small);
      await chosen?.end();
    },
    close: () => chosen?.close(),
  };
}

function checkWindow(window: number, most: number, limits: Limits, where: string): void {
  if (window > most) throw windowError(window, limits, where);
}

function windowError(windowBytes: number, limits: Limits, where: string): DlintError {
  const message = `zstd data with a window of ${windowBytes} bytes`;
  if (windowBytes > limits.windowBytes) {
    return new DlintError('E_LIMIT', message, { where, hint: raise('windowBytes', limits, windowBytes) });
  }
  return new DlintError('E_UNSUPPORTED', message, {
    where,
    hint: 'install the program zstd, or run Node 22.15 or later, which decode it',
  });
}
