import { randomUUID } from 'node:crypto';
import { closeSync, openSync, readSync, unlinkSync, writeSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/** A file's bytes, to be read anywhere: archives keep their directory at the end, executables their sections. */
export interface ByteSource {
  /** In bytes. */
  readonly size: number;
  /** Bytes `[start, end)`, cut at both ends of the file. Valid until the source is disposed of; not to be changed. */
  slice(start: number, end: number): Buffer;
}

/** Above this a file waits on disk, not in memory. */
const IN_MEMORY = 32 * 1024 * 1024;

/** Takes a body as it passes and gives it as a whole. A large one lies in a temporary file that has no name any more. */
export class ByteCollector {
  readonly #size: number;
  #chunks: Buffer[] = [];
  #fd: number | undefined;
  #written = 0;

  /** @param size what the body is said to have, in bytes; nothing is allocated because of it */
  constructor(size: number) {
    this.#size = size;
  }

  /** The chunk is copied. */
  write(chunk: Uint8Array): void {
    if (this.#size <= IN_MEMORY) this.#chunks.push(Buffer.from(chunk));
    else {
      this.#fd ??= openNameless();
      writeSync(this.#fd, chunk, 0, chunk.length, this.#written);
    }
    this.#written += chunk.length;
  }

  /** What was written. Call `dispose` after it was read. */
  source(): ByteSource {
    const fd = this.#fd;
    if (fd !== undefined) return fileSource(fd, this.#written);
    const bytes = this.#chunks.length === 1 ? (this.#chunks[0] as Buffer) : Buffer.concat(this.#chunks);
    this.#chunks = [];
    return memorySource(bytes);
  }

  dispose(): void {
    this.#chunks = [];
    if (this.#fd !== undefined) closeSync(this.#fd);
    this.#fd = undefined;
  }
}

export function memorySource(bytes: Uint8Array): ByteSource {
  const buffer = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  return { size: buffer.length, slice: (start, end) => buffer.subarray(Math.max(start, 0), Math.max(end, 0)) };
}

function fileSource(fd: number, size: number): ByteSource {
  return {
    size,
    slice(start, end) {
      const from = Math.min(Math.max(start, 0), size);
      const bytes = Buffer.allocUnsafeSlow(Math.max(Math.min(end, size) - from, 0));
      let got = 0;
      while (got < bytes.length) {
        const count = readSync(fd, bytes, got, bytes.length - got, from + got);
        if (count === 0) break;
        got += count;
      }
      return bytes.subarray(0, got);
    },
  };
}

/** Open, and already removed: nothing is left behind however the process ends. */
function openNameless(): number {
  const path = join(tmpdir(), `dlint-${randomUUID()}`);
  const fd = openSync(path, 'wx+', 0o600);
  try {
    unlinkSync(path);
  } catch {
    // Windows keeps an open file's name; its temporary folder is cleaned by others.
  }
  return fd;
}
