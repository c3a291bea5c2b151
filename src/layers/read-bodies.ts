import { readSync } from 'node:fs';
import { setImmediate } from 'node:timers/promises';
import { DlintError } from '../errors.ts';
import type { Digest } from '../report/finding.ts';
import { BodyHash } from './body-hash.ts';
import type { Locator } from './image.ts';
import { type OpenLayer, placeName, type ReadOptions, readInflated, withLayer } from './layer-bytes.ts';
import { LIMITS, raise } from './limits.ts';

/** A body by its place in the uncompressed layer: an `Entry` is one. */
export interface BodyRange {
  readonly bodyOffset: number;
  readonly size: number;
}

/** Takes the body `index` of those wanted, in pieces that are valid until it returns. False asks for no more at all. */
export type OnBody = (index: number, piece: Buffer) => unknown;

const CHUNK = 256 * 1024;
/** Bytes read between two looks at the event loop. */
const BREATH = 16 * 1024 * 1024;

/**
 * The bodies, in the order asked for. A plain layer is read just there; a compressed one once, up to the last body.
 * Throws `E_LIMIT` when they are more than `limits.keptBytes` in total.
 */
export async function readBodies(
  at: Locator,
  wanted: readonly BodyRange[],
  options: ReadOptions = {},
): Promise<Uint8Array[]> {
  const { limits = LIMITS, where = placeName(at) } = options;
  const total = wanted.reduce((sum, { size }) => sum + size, 0);
  if (total > limits.keptBytes) {
    throw new DlintError('E_LIMIT', `${total} bytes are more than are kept in memory`, {
      where,
      hint: raise('keptBytes', limits, total),
    });
  }
  const pieces = wanted.map((): Buffer[] => []);
  await passBodies(at, wanted, (index, piece) => pieces[index]?.push(Buffer.from(piece)), options);
  return pieces.map((list) => (list.length === 1 ? (list[0] as Buffer) : Buffer.concat(list)));
}

/** SHA-256 of the bodies, in the order asked for. */
export async function hashBodies(
  at: Locator,
  wanted: readonly BodyRange[],
  options: ReadOptions = {},
): Promise<Digest[]> {
  const hashes = wanted.map(({ size }) => new BodyHash(size));
  await passBodies(at, wanted, (index, piece) => hashes[index]?.write(piece), options);
  return hashes.map((hash): Digest => `sha256:${hash.digest().toString('hex')}`);
}

/**
 * Passes the bodies piece by piece, in the order in which they lie in the layer; empty ones are left out. Bodies must
 * not overlap for one to end before the next begins.
 */
export async function passBodies(
  at: Locator,
  wanted: readonly BodyRange[],
  onBody: OnBody,
  options: ReadOptions,
): Promise<void> {
  const { where = placeName(at), limits, signal } = options;
  const order = wanted.map((_, index) => index).filter((index) => (wanted[index]?.size ?? 0) > 0);
  order.sort((a, b) => (wanted[a]?.bodyOffset ?? 0) - (wanted[b]?.bodyOffset ?? 0));
  if (order.length === 0) return;
  await withLayer(at, options, async (layer) => {
    if (layer.plain) {
      const chunk = Buffer.allocUnsafeSlow(CHUNK);
      const read = (index: number): boolean =>
        readPlain(layer.plain as Plain, wanted[index] as BodyRange, chunk, (piece) => onBody(index, piece), where);
      let breath = BREATH;
      for (const index of order) {
        if (!read(index)) return;
        breath -= (wanted[index] as BodyRange).size;
        if (breath > 0) continue;
        breath = BREATH;
        await setImmediate();
        signal?.throwIfAborted();
      }
      return;
    }
    const cutter = new Cutter(order, wanted, onBody);
    const isDone = (): boolean => cutter.isDone;
    await readInflated(layer, (chunk) => cutter.write(chunk), { where, isDone, ...(limits && { limits }) });
    if (!cutter.isDone) throw outside(where);
  });
}

type Plain = NonNullable<OpenLayer['plain']>;

function readPlain(
  { fd, offset, length }: Plain,
  body: BodyRange,
  chunk: Buffer,
  onPiece: (piece: Buffer) => unknown,
  where: string,
): boolean {
  if (body.bodyOffset < 0 || body.bodyOffset + body.size > length) throw outside(where);
  for (let done = 0; done < body.size; ) {
    const count = readSync(fd, chunk, 0, Math.min(chunk.length, body.size - done), offset + body.bodyOffset + done);
    if (count === 0) throw outside(where);
    if (onPiece(chunk.subarray(0, count)) === false) return false;
    done += count;
  }
  return true;
}

/** Cuts the wanted bodies, sorted by their place, out of a stream. Bodies may overlap: the same may be wanted twice. */
class Cutter {
  readonly #order: readonly number[];
  readonly #wanted: readonly BodyRange[];
  readonly #onBody: OnBody;
  #next = 0;
  #open: number[] = [];
  #offset = 0;
  #isStopped = false;

  constructor(order: readonly number[], wanted: readonly BodyRange[], onBody: OnBody) {
    this.#order = order;
    this.#wanted = wanted;
    this.#onBody = onBody;
  }

  get isDone(): boolean {
    return this.#isStopped || (this.#open.length === 0 && this.#next === this.#order.length);
  }

  write(chunk: Buffer): void {
    if (this.#isStopped) return;
    const start = this.#offset;
    const end = start + chunk.length;
    this.#offset = end;
    for (; this.#next < this.#order.length; this.#next++) {
      const index = this.#order[this.#next] as number;
      if (this.#body(index).bodyOffset >= end) break;
      this.#open.push(index);
    }
    if (this.#open.length === 0) return;
    this.#open = this.#open.filter((index) => {
      const { bodyOffset, size } = this.#body(index);
      const from = Math.max(bodyOffset, start);
      const to = Math.min(bodyOffset + size, end);
      if (to > from && !this.#isStopped) {
        this.#isStopped = this.#onBody(index, chunk.subarray(from - start, to - start)) === false;
      }
      return bodyOffset + size > end;
    });
  }

  #body(index: number): BodyRange {
    return this.#wanted[index] as BodyRange;
  }
}

function outside(where: string): DlintError {
  return new DlintError('E_TRUNCATED', 'a body lies outside of its layer', { where });
}
