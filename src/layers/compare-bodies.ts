import { closeSync, openSync, readSync } from 'node:fs';
import { DlintError } from '../errors.ts';

/**
 * Pairs of bodies of equal size in plain files. Plain data: crosses to a worker thread. Pair `i` is five numbers from
 * `5 * i` on: file, offset, other file, other offset, bytes; a file is its index in `files`.
 */
export interface BodyPairs {
  readonly files: readonly string[];
  readonly places: Float64Array;
}

export const PAIR_FIELDS = 5;

const CHUNK = 256 * 1024;
/** Bodies that differ mostly do so early. */
const FIRST = 16 * 1024;

/**
 * Compares bodies byte by byte, up to the first difference: no more reading than hashing takes, and no hashing.
 * Gives a byte for each pair: 1 where they are equal.
 */
export function compareBodies({ files, places }: BodyPairs, where: string): Uint8Array {
  const same = new Uint8Array(places.length / PAIR_FIELDS);
  const buffers = [Buffer.allocUnsafeSlow(CHUNK), Buffer.allocUnsafeSlow(CHUNK)] as const;
  const fds: number[] = [];
  try {
    for (const file of files) fds.push(openSync(file, 'r'));
    for (let i = 0; i < same.length; i++) {
      const [a = 0, at = 0, b = 0, bt = 0, size = 0] = places.subarray(i * PAIR_FIELDS, (i + 1) * PAIR_FIELDS);
      const [one, other] = [fds[a] as number, fds[b] as number];
      same[i] = isSame({ fd: one, offset: at }, { fd: other, offset: bt }, size, buffers, where) ? 1 : 0;
    }
  } finally {
    for (const fd of fds) closeSync(fd);
  }
  return same;
}

interface At {
  readonly fd: number;
  readonly offset: number;
}

function isSame(one: At, other: At, size: number, [a, b]: readonly [Buffer, Buffer], where: string): boolean {
  for (let done = 0; done < size; ) {
    const count = Math.min(done === 0 ? FIRST : CHUNK, size - done);
    fill(a, count, one, done, where);
    fill(b, count, other, done, where);
    if (a.compare(b, 0, count, 0, count) !== 0) return false;
    done += count;
  }
  return true;
}

function fill(buffer: Buffer, length: number, { fd, offset }: At, done: number, where: string): void {
  for (let have = 0; have < length; ) {
    const count = readSync(fd, buffer, have, length - have, offset + done + have);
    if (count === 0) throw new DlintError('E_TRUNCATED', 'a body lies outside of its layer', { where });
    have += count;
  }
}
