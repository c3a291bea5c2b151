import { createHash, randomUUID } from 'node:crypto';
import {
  appendFileSync,
  closeSync,
  fstatSync,
  openSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  utimesSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import { deserialize, serialize } from 'node:v8';
import { crc32 } from 'node:zlib';
import { makeFolder } from './make-folder.ts';

/** To be raised when what is stored changes its form. */
const FORM = 3;
const MAGIC = Buffer.from(`dlint cache ${FORM}\n`);
const CHECKSUM_BYTES = 4;
/** An entry that is larger would drive all others out. */
const MOST_ENTRY_BYTES = 128 * 1024 * 1024;
const MOST_BYTES = 1024 * 1024 * 1024;
/** What is left when it had become too much. */
const KEPT_BYTES = 0.8 * MOST_BYTES;

/**
 * Values that took long to compute, in a folder, for later runs. An entry is written under another name and renamed, so
 * that runs at the same time see all of it or nothing; it holds its own checksum, and one that is damaged counts as
 * absent. What cannot be written is not: no error ever comes from here. The oldest entries go when it is too much.
 */
export class RecordCache {
  readonly #folder: string;
  readonly #mostBytes: number;

  /** @param folder made when it is first written to; only for its owner */
  constructor(folder: string, mostBytes = MOST_BYTES) {
    this.#folder = folder;
    this.#mostBytes = mostBytes;
  }

  /** The value, or undefined when there is none. `key` is plain data. */
  read(key: unknown): unknown {
    const file = this.#file(key);
    try {
      const bytes = readFileSync(file);
      const start = MAGIC.length + CHECKSUM_BYTES;
      const body = bytes.subarray(start);
      if (!bytes.subarray(0, MAGIC.length).equals(MAGIC)) return undefined;
      if (!bytes.subarray(MAGIC.length, start).equals(checksum(body))) return undefined;
      const value: unknown = deserialize(body);
      const now = new Date();
      utimesSync(file, now, now);
      return value;
    } catch {
      return undefined;
    }
  }

  has(key: unknown): boolean {
    try {
      return statSync(this.#file(key)).isFile();
    } catch {
      return false;
    }
  }

  /** Keeps plain data: typed arrays included, functions not. */
  write(key: unknown, value: unknown): void {
    const unfinished = join(this.#folder, `${randomUUID()}.part`);
    try {
      const body = serialize(value);
      if (body.length > MOST_ENTRY_BYTES) return;
      makeFolder(this.#folder, 0o700);
      writeFileSync(unfinished, Buffer.concat([MAGIC, checksum(body)]), { mode: 0o600, flag: 'wx' });
      appendFileSync(unfinished, body);
      renameSync(unfinished, this.#file(key));
      this.#tidy();
    } catch {
      removeQuietly(unfinished);
    }
  }

  #file(key: unknown): string {
    // What one version of Node writes, an older one may not read.
    const text = JSON.stringify([FORM, process.versions.v8, key]);
    return join(this.#folder, `${createHash('sha256').update(text).digest('hex')}.record`);
  }

  /** Removes what was used longest ago, and what a run that was ended left unfinished. */
  #tidy(): void {
    const dayAgo = Date.now() - 24 * 3600 * 1000;
    const entries = readdirSync(this.#folder).flatMap((name) => {
      const file = join(this.#folder, name);
      const found = statSync(file, { throwIfNoEntry: false });
      if (!found || !/\.(?:record|part)$/.test(name)) return [];
      const isLeft = name.endsWith('.part') && found.mtimeMs < dayAgo;
      if (isLeft) rmSync(file, { force: true });
      return isLeft ? [] : [{ file, bytes: found.size, used: found.mtimeMs }];
    });
    let bytes = entries.reduce((sum, entry) => sum + entry.bytes, 0);
    if (bytes <= this.#mostBytes) return;
    entries.sort((a, b) => a.used - b.used);
    for (const entry of entries) {
      if (bytes <= (this.#mostBytes / MOST_BYTES) * KEPT_BYTES) return;
      rmSync(entry.file, { force: true });
      bytes -= entry.bytes;
    }
  }
}

/** Which file it is, and in which state: another after any change of its bytes, see `identify`. */
export interface FileIdentity {
  readonly device: string;
  readonly inode: string;
  readonly size: string;
  /** Nanoseconds since the epoch. The time of the last change of the inode cannot be set by programs. */
  readonly modified: string;
  readonly changed: string;
}

/** A change within one tick of the clock that times files would not show. */
const SETTLED_MS = 2000;

/** Undefined when it cannot be told, or was changed so lately that another change might not show. */
export function identify(file: string, now = Date.now()): FileIdentity | undefined {
  try {
    const fd = openSync(file, 'r');
    try {
      const { dev, ino, size, mtimeNs, ctimeNs } = fstatSync(fd, { bigint: true });
      const isSettled = Number(ctimeNs / 1_000_000n) < now - SETTLED_MS;
      if (!isSettled) return undefined;
      const [device, inode, bytes] = [dev, ino, size].map(String) as [string, string, string];
      return { device, inode, size: bytes, modified: String(mtimeNs), changed: String(ctimeNs) };
    } finally {
      closeSync(fd);
    }
  } catch {
    return undefined;
  }
}

function removeQuietly(file: string): void {
  try {
    rmSync(file, { force: true });
  } catch {
    // It is not there, or will be removed by a later run.
  }
}

/** Against damage; whoever could forge a record could as well change the program. */
function checksum(bytes: Buffer): Buffer {
  const sum = Buffer.alloc(CHECKSUM_BYTES);
  sum.writeUInt32LE(crc32(bytes));
  return sum;
}
