import { closeSync, readSync } from 'node:fs';
import { openNameless, writeNameless } from './nameless-file.ts';

/** A file's bytes, to be read anywhere: archives keep their directory at the end, executables their sections. */
export interface ByteSource {
  /** In bytes. */
  readonly size: number;
  /** Bytes `[start, end)`, cut at both ends of the file. A view of what is reused later: nothing of it may be kept. Not to be changed. */
  slice(start: number, end: number): Buffer;
}

/** Above this a file waits on disk, not in memory, where many threads may hold one each. */
const IN_MEMORY = 16 * 1024 * 1024;
/** What a first chunk is given room for, whatever size the file is said to have. */
const FIRST_ROOM = 256 * 1024;

/**
 * Takes one body after the other as they pass and gives each as a whole. A large one lies in a temporary file that has no
 * name any more; for the others one buffer serves them all.
 */
export class ByteCollector {
  readonly #room: number;
  #buffer = Buffer.alloc(0);
  #fd: number | undefined;
  #size = 0;
  #written = 0;

  /** @param room bytes of a body that waits in memory, at most */
  constructor(room = IN_MEMORY) {
    this.#room = room;
  }

  /** @param size what the next body is said to have, in bytes; nothing is allocated because of it */
  begin(size: number): void {
    this.end();
    this.#size = size;
  }

  /** The chunk is copied. Throws `E_WRITE`. */
  write(chunk: Uint8Array): void {
    if (this.#size > this.#room) {
      this.#fd ??= openNameless();
      writeNameless(this.#fd, chunk, this.#written);
    } else {
      this.#reserve(this.#written + chunk.length);
      this.#buffer.set(chunk, this.#written);
    }
    this.#written += chunk.length;
  }

  /** What was written; valid until `end` or the next `begin`. */
  source(): ByteSource {
    return this.#fd === undefined
      ? memorySource(this.#buffer.subarray(0, this.#written))
      : rangeSource(this.#fd, 0, this.#written);
  }

  end(): void {
    if (this.#fd !== undefined) closeSync(this.#fd);
    this.#fd = undefined;
    this.#written = 0;
  }

  #reserve(bytes: number): void {
    if (bytes <= this.#buffer.length) return;
    // Of a large one only what is written to takes memory; growing it in steps would take the sum of them.
    const step = bytes > IN_MEMORY ? this.#room : Math.min(this.#buffer.length * 2, IN_MEMORY);
    const grown = Buffer.allocUnsafeSlow(Math.max(bytes, step, FIRST_ROOM));
    this.#buffer.copy(grown, 0, 0, this.#written);
    this.#buffer = grown;
  }
}

export function memorySource(bytes: Uint8Array): ByteSource {
  const buffer = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  return { size: buffer.length, slice: (start, end) => buffer.subarray(Math.max(start, 0), Math.max(end, 0)) };
}

/** Headers are small and lie together: one read brings the neighbours of what is asked for. */
const NEAR = 4096;

/** The `size` bytes of an open file from `offset` on. Nothing is read before it is asked for. */
export function rangeSource(fd: number, offset: number, size: number): ByteSource {
  let near: Buffer = Buffer.alloc(0);
  let nearAt = 0;
  return {
    size,
    slice(start, end) {
      const from = Math.min(Math.max(start, 0), size);
      const to = Math.max(Math.min(end, size), from);
      if (to - from > NEAR) return readRange(fd, offset + from, to - from);
      if (from < nearAt || to > nearAt + near.length) {
        near = readRange(fd, offset + from, Math.min(NEAR, size - from));
        nearAt = from;
      }
      return near.subarray(from - nearAt, to - nearAt);
    },
  };
}

function readRange(fd: number, position: number, length: number): Buffer {
  const bytes = Buffer.allocUnsafeSlow(length);
  let got = 0;
  while (got < length) {
    const count = readSync(fd, bytes, got, length - got, position + got);
    if (count === 0) break;
    got += count;
  }
  return bytes.subarray(0, got);
}
