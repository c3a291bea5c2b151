import { closeSync, openSync, readSync } from 'node:fs';
import { setImmediate } from 'node:timers/promises';
import { DlintError } from '../errors.ts';
import type { Digest } from '../report/finding.ts';
import type { FileLocator, Locator } from './image.ts';
import { type Compression, createInflater } from './inflate.ts';
import type { Limits } from './limits.ts';
import { compressionOf, SNIFF_BYTES } from './sniff.ts';
import type { Connections } from './sources/registry/connections.ts';
import { withBlob } from './sources/registry/open-blob.ts';

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
  /** To registries, for layers that lie there; default of its own. */
  readonly connections?: Connections;
}

/** Takes bytes as they are stored. A chunk is valid until it returns, or its promise is kept; false asks for no more. */
export type OnStored = (chunk: Buffer) => undefined | false | Promise<void>;

/** A layer's stored bytes, opened for one pass. */
export interface OpenLayer {
  /** By its magic, not by what its media type says. */
  readonly compression: Compression;
  /** Where bodies can be read at their place without reading what is before them. */
  readonly plain?: { readonly fd: number; readonly offset: number; readonly length: number };
  /** What all the bytes hash to, for bytes that come with a proof: `read` throws `E_DIGEST` when they do not. */
  readonly proven?: Digest;
  read(onChunk: OnStored): Promise<void>;
}

/** Opens a layer wherever it lies. Errors: `E_READ`, `E_UNSUPPORTED`; from registries `E_REGISTRY` and `E_DIGEST`. */
export async function withLayer<T>(
  at: Locator,
  options: ReadOptions,
  use: (layer: OpenLayer) => T | Promise<T>,
): Promise<T> {
  if ('file' in at) return await withFile(at, options, use);
  return await withBlob(at, options, use);
}

/** What a place is called in errors where nobody named it. */
export function placeName(at: Locator): string {
  return 'file' in at ? at.file : at.url;
}

async function withFile<T>(
  at: FileLocator,
  options: ReadOptions,
  use: (layer: OpenLayer) => T | Promise<T>,
): Promise<T> {
  let fd: number;
  try {
    fd = openSync(at.file, 'r');
  } catch (error) {
    throw new DlintError('E_READ', `cannot be read: ${(error as Error).message}`, { where: at.file, cause: error });
  }
  try {
    const head = Buffer.alloc(Math.min(SNIFF_BYTES, at.length));
    const seen = head.subarray(0, readSync(fd, head, 0, head.length, at.offset));
    const compression = compressionOf(seen, options.where ?? at.file);
    return await use({
      compression,
      ...(compression === 'none' && { plain: { fd, offset: at.offset, length: at.length } }),
      read: (onChunk) => readFile(fd, at, onChunk, options),
    });
  } finally {
    closeSync(fd);
  }
}

async function readFile(
  fd: number,
  at: FileLocator,
  onChunk: OnStored,
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

/** Passes a layer's bytes to `onOutput`, decompressed, and as stored to `onStored`. */
export async function readInflated(
  layer: OpenLayer,
  onOutput: (chunk: Buffer) => void,
  options: {
    readonly where: string;
    readonly limits?: Limits;
    readonly onStored?: (chunk: Buffer) => void;
    readonly isDone?: () => boolean;
  },
): Promise<void> {
  const { where, limits, onStored, isDone } = options;
  const inflater = createInflater(layer.compression, onOutput, { where, ...(limits && { limits }) });
  try {
    let stopped = false;
    await layer.read((chunk) => {
      onStored?.(chunk);
      const waits = inflater.write(chunk);
      stopped = isDone?.() ?? false;
      return stopped ? false : waits;
    });
    if (!stopped) await inflater.end();
  } finally {
    inflater.close();
  }
}
