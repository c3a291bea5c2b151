import { closeSync, openSync, readSync } from 'node:fs';
import { DlintError } from '../errors.ts';
import type { CompareWork } from './scan-message.ts';
import { taken } from './turns.ts';

/**
 * Pairs of bodies of equal size in plain files. Plain data, shared with worker threads. Pair `i` is five numbers from
 * `5 * i` on: file, offset, other file, other offset, bytes; a file is its index in `files`.
 */
export interface PairPlaces {
  readonly files: readonly string[];
  readonly places: Float64Array;
}

export const PLACE_FIELDS = 5;

const CHUNK = 256 * 1024;
/** Bodies that differ mostly do so early. */
const FIRST = 16 * 1024;
/** Bodies up to this size are read together with their neighbours. */
const SMALL = 64 * 1024;
/** Reading so many bytes takes as long as reading another time. */
const GAP = 8 * 1024;

/**
 * Compares bodies byte by byte, up to the first difference: no more reading than hashing takes, and no hashing. Takes
 * the pieces that nobody else takes, and puts a byte for each of their pairs into `same`: 1 where they are equal.
 * Yields after each piece, for those who have something else to do.
 */
export function* comparePieces({ turns, pairs: { files, places }, starts, same, where }: CompareWork): Generator<void> {
  const fds: number[] = [];
  try {
    for (const file of files) fds.push(openSync(file, 'r'));
    const sides = [new Side(fds, places, 0, where), new Side(fds, places, 2, where)] as const;
    for (const piece of taken(turns, starts.length - 1)) {
      comparePiece(sides, starts[piece] as number, starts[piece + 1] as number, same);
      yield;
    }
  } finally {
    for (const fd of fds) closeSync(fd);
  }
}

function comparePiece(sides: readonly [Side, Side], start: number, end: number, same: Uint8Array): void {
  for (let first = start, next = start; first < end; first = next) {
    next = Math.max(first + 1, Math.min(sides[0].runFrom(first, end), sides[1].runFrom(first, end)));
    if (next === first + 1) same[first] = isSame(sides, first) ? 1 : 0;
    else compareRun(sides, first, next, same);
  }
}

function isSame([one, other]: readonly [Side, Side], pair: number): boolean {
  const size = one.size(pair);
  for (let done = 0; done < size; ) {
    const count = Math.min(done === 0 ? FIRST : CHUNK, size - done);
    one.read(pair, done, count);
    other.read(pair, done, count);
    if (one.buffer.compare(other.buffer, 0, count, 0, count) !== 0) return false;
    done += count;
  }
  return true;
}

/** Compares neighbours: what is between them is read with them. */
function compareRun([one, other]: readonly [Side, Side], first: number, end: number, same: Uint8Array): void {
  for (const side of [one, other]) side.read(first, 0, side.offset(end - 1) + side.size(end - 1) - side.offset(first));
  for (let pair = first; pair < end; pair++) {
    const [a, b, size] = [
      one.offset(pair) - one.offset(first),
      other.offset(pair) - other.offset(first),
      one.size(pair),
    ];
    same[pair] = one.buffer.compare(other.buffer, b, b + size, a, a + size) === 0 ? 1 : 0;
  }
}

/** One of the two bodies of each pair, and the bytes read last. */
class Side {
  readonly buffer = Buffer.allocUnsafeSlow(CHUNK);
  readonly #fds: readonly number[];
  readonly #places: Float64Array;
  readonly #field: number;
  readonly #where: string;

  /** @param field of a pair: where the file is, and behind it the offset */
  constructor(fds: readonly number[], places: Float64Array, field: number, where: string) {
    this.#fds = fds;
    this.#places = places;
    this.#field = field;
    this.#where = where;
  }

  offset(pair: number): number {
    return this.#places[pair * PLACE_FIELDS + this.#field + 1] as number;
  }

  size(pair: number): number {
    return this.#places[pair * PLACE_FIELDS + 4] as number;
  }

  /** The end of the pairs from `first` up to `last` whose small bodies here lie one close behind the other. */
  runFrom(first: number, last: number): number {
    let pair = first;
    let near = this.offset(first);
    while (pair < last && this.size(pair) <= SMALL && this.#file(pair) === this.#file(first)) {
      const offset = this.offset(pair);
      const end = offset + this.size(pair);
      if (offset < near || offset > near + GAP || end > this.offset(first) + CHUNK) break;
      near = end;
      pair++;
    }
    return pair;
  }

  /** Fills the buffer with `length` bytes of a body, `done` bytes after its start. */
  read(pair: number, done: number, length: number): void {
    const fd = this.#fds[this.#file(pair)] as number;
    for (let have = 0; have < length; ) {
      const count = readSync(fd, this.buffer, have, length - have, this.offset(pair) + done + have);
      if (count === 0) throw new DlintError('E_TRUNCATED', 'a body lies outside of its layer', { where: this.#where });
      have += count;
    }
  }

  #file(pair: number): number {
    return this.#places[pair * PLACE_FIELDS + this.#field] as number;
  }
}
