import { closeSync, openSync, readSync } from 'node:fs';
import { setImmediate } from 'node:timers/promises';
import { DlintError } from '../errors.ts';
import type { Locator } from './image.ts';
import { type Compression, createInflater } from './inflate.ts';
import type { Limits } from './limits.ts';
import { SNIFF_BYTES, sniff } from './sniff.ts';

const CHUNK = 256 * 1024;
/** Bytes read between two looks at the event loop. */
const BREATH = 16 * 1024 * 1024;

export interface ReadOptions {
  /** What the bytes are called in errors; default the file. */
  readonly where?: string;
  readonly limits?: Limits;
  readonly signal?: AbortSignal;
  /** Called now and then with the bytes read so far, as stored. */
  readonly onProgress?: (bytes: number) => void;
}

/** Runs `use` with the locator's file open. */
export async function withFile<T>(at: Locator, use: (fd: number) => T | Promise<T>): Promise<T> {
  let fd: number;
  try {
    fd = openSync(at.file, 'r');
  } catch (error) {
    throw new DlintError('E_READ', `cannot be read: ${(error as Error).message}`, { where: at.file, cause: error });
  }
  try {
    return await use(fd);
  } finally {
    closeSync(fd);
  }
}

/** How the bytes at `at` are compressed, by their magic. Throws `E_UNSUPPORTED` for what no layer may be. */
export function sniffCompression(fd: number, at: Locator, where: string): Compression {
  const head = Buffer.alloc(Math.min(SNIFF_BYTES, at.length));
  const magic = sniff(head.subarray(0, readSync(fd, head, 0, head.length, at.offset)));
  if (magic === 'gzip' || magic === 'zstd') return magic;
  if (magic === 'other') return 'none';
  const hint = 'layers are plain tar, gzip or zstd (OCI image-spec)';
  throw new DlintError('E_UNSUPPORTED', `a layer compressed with ${magic}`, { where, hint });
}

/** Passes the bytes at `at` to `onChunk`, as they are stored. Chunks are valid until it returns; false ends it. */
export async function readStored(
  fd: number,
  at: Locator,
  onChunk: (chunk: Buffer) => undefined | false | Promise<void>,
  { signal, onProgress }: ReadOptions,
): Promise<void> {
  const chunk = Buffer.allocUnsafeSlow(Math.min(CHUNK, Math.max(1, at.length)));
  let breath = BREATH;
  for (let done = 0; done < at.length; ) {
    const count = readSync(fd, chunk, 0, Math.min(chunk.length, at.length - done), at.offset + done);
    if (count === 0)
      throw new DlintError('E_TRUNCATED', 'the file became shorter while it was read', { where: at.file });
    done += count;
    const result = onChunk(chunk.subarray(0, count));
    if (result === false) return;
    if (result) await result;
    if (done < breath) continue;
    breath = done + BREATH;
    onProgress?.(done);
    if (signal) {
      await setImmediate();
      signal.throwIfAborted();
    }
  }
  onProgress?.(at.length);
}

/** Passes the bytes at `at` to `onOutput`, decompressed, and as stored to `onStored`. */
export async function readInflated(
  fd: number,
  at: Locator,
  compression: Compression,
  onOutput: (chunk: Buffer) => void,
  options: ReadOptions & { readonly onStored?: (chunk: Buffer) => void; readonly isDone?: () => boolean },
): Promise<void> {
  const { where = at.file, limits, onStored, isDone } = options;
  const inflater = createInflater(compression, onOutput, { where, ...(limits && { limits }) });
  try {
    let stopped = false;
    const onChunk = (chunk: Buffer): undefined | false | Promise<void> => {
      onStored?.(chunk);
      const waits = inflater.write(chunk);
      stopped = isDone?.() ?? false;
      return stopped ? false : waits;
    };
    await readStored(fd, at, onChunk, options);
    if (!stopped) await inflater.end();
  } finally {
    inflater.close();
  }
}
