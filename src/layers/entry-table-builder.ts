import type { Entry } from './entry.ts';
import { DIGEST_BYTES, type EntryPart, EntryTable, type Extra, KIND_CODES, PART_LENGTH } from './entry-table.ts';
import { encodePath, hasEscapes } from './path.ts';
import type { PlainHeader } from './plain-header.ts';

const MAX_UINT32 = 0xffffffff;

/** A table of entries that are at hand as objects. */
export function entryTable(entries: Iterable<Entry>): EntryTable {
  const builder = new EntryTableBuilder();
  for (const entry of entries) builder.add(entry);
  return builder.build();
}

/**
 * Collects entries in the order they are added; `build` may be called once. The columns of the part that is being filled
 * serve for all parts: nothing grows by being copied, and little is left behind for the garbage collector.
 */
export class EntryTableBuilder {
  /** Entries of the part that is being filled, and of those before. */
  #filled = 0;
  #sealed = 0;
  /** Bytes of names in the part, and in those before. */
  #named = 0;
  #namedBefore = 0;
  readonly #parts: EntryPart[] = [];
  #names = Buffer.allocUnsafeSlow(16_384);
  readonly #ends = new Uint32Array(2 * PART_LENGTH);
  readonly #kinds = new Uint8Array(PART_LENGTH);
  readonly #modes = new Uint16Array(PART_LENGTH);
  readonly #uids = new Uint32Array(PART_LENGTH);
  readonly #gids = new Uint32Array(PART_LENGTH);
  readonly #sizes = new Float64Array(PART_LENGTH);
  readonly #mtimes = new Float64Array(PART_LENGTH);
  readonly #bodyOffsets = new Float64Array(PART_LENGTH);
  #digested = 0;
  #digestOf = new Uint32Array(0);
  #digests = new Uint8Array(0);
  readonly #extras: [number, Extra][] = [];

  get length(): number {
    return this.#sealed + this.#filled;
  }

  /** Bytes of all names and links so far. */
  get nameBytes(): number {
    return this.#namedBefore + this.#named;
  }

  /** Appends an entry and returns its index. */
  add(entry: Entry): number {
    const i = this.#begin();
    this.#ends[2 * i] = this.#name(entry.path);
    this.#ends[2 * i + 1] = this.#name(entry.link);
    this.#kinds[i] = KIND_CODES[entry.kind];
    this.#modes[i] = entry.mode;
    this.#uids[i] = entry.uid;
    this.#gids[i] = entry.gid;
    this.#sizes[i] = entry.size;
    this.#mtimes[i] = entry.mtime;
    this.#bodyOffsets[i] = entry.bodyOffset;
    const index = this.length - 1;
    if (entry.digest) this.setDigest(index, Buffer.from(entry.digest.slice('sha256:'.length), 'hex'));
    const extra = extraOf(entry);
    if (extra) this.#extras.push([index, extra]);
    return index;
  }

  /** The same of a member that a plain header tells all of. */
  addPlain(header: PlainHeader): number {
    const i = this.#begin();
    const { names, pathStart, pathEnd, linkEnd } = header;
    this.#ends[2 * i] = this.#copy(names, pathStart, pathEnd);
    this.#ends[2 * i + 1] = this.#copy(names, pathEnd + 1, linkEnd);
    this.#kinds[i] = KIND_CODES[header.kind];
    this.#modes[i] = header.mode;
    this.#uids[i] = header.uid;
    this.#gids[i] = header.gid;
    this.#sizes[i] = header.size;
    this.#mtimes[i] = header.mtime;
    this.#bodyOffsets[i] = header.bodyOffset;
    return this.length - 1;
  }

  /** States the SHA-256 (32 bytes) of entry `i`, once its body has passed. */
  setDigest(i: number, sha256: Uint8Array): void {
    if (sha256.length !== DIGEST_BYTES) throw new RangeError(`a SHA-256 has 32 bytes, not ${sha256.length}`);
    if (this.#digestOf.length <= i) this.#digestOf = enlarged(this.#digestOf, this.length + (this.length >> 1));
    const start = this.#digested * DIGEST_BYTES;
    if (start + DIGEST_BYTES > this.#digests.length)
      this.#digests = enlarged(this.#digests, Math.max(2048, start + (start >> 1)));
    this.#digests.set(sha256, start);
    this.#digestOf[i] = ++this.#digested;
  }

  build(): EntryTable {
    if (this.#filled > 0) this.#seal();
    const length = this.#sealed;
    return new EntryTable({
      length,
      parts: this.#parts,
      digestOf: this.#digested === 0 ? new Uint32Array(0) : enlarged(this.#digestOf, length).slice(0, length),
      digests: this.#digests.slice(0, this.#digested * DIGEST_BYTES),
      extras: this.#extras,
    });
  }

  /** Makes room for an entry; gives its index in the part. */
  #begin(): number {
    if (this.#filled === PART_LENGTH) this.#seal();
    return this.#filled++;
  }

  #seal(): void {
    const length = this.#filled;
    this.#parts.push({
      names: new Uint8Array(this.#names.subarray(0, this.#named)),
      ends: this.#ends.slice(0, 2 * length),
      kinds: this.#kinds.slice(0, length),
      modes: this.#modes.slice(0, length),
      uids: narrowedIds(this.#uids.subarray(0, length)),
      gids: narrowedIds(this.#gids.subarray(0, length)),
      sizes: narrowed(this.#sizes.subarray(0, length)),
      mtimes: narrowed(this.#mtimes.subarray(0, length)),
      bodyOffsets: narrowed(this.#bodyOffsets.subarray(0, length)),
    });
    this.#sealed += length;
    this.#filled = 0;
    this.#namedBefore += this.#named;
    this.#named = 0;
  }

  /** Appends `bytes[start, end)` to the arena and returns its end. Names are short: a loop is faster than a call. */
  #copy(bytes: Uint8Array, start: number, end: number): number {
    if (end > start) this.#reserve(end - start);
    const names = this.#names;
    let to = this.#named;
    for (let i = start; i < end; i++) names[to++] = bytes[i] as number;
    this.#named = to;
    return to;
  }

  #reserve(bytes: number): void {
    const most = this.#named + bytes;
    if (most <= this.#names.length) return;
    const larger = Buffer.allocUnsafeSlow(Math.max(most, this.#names.length + (this.#names.length >> 1)));
    this.#names.copy(larger, 0, 0, this.#named);
    this.#names = larger;
  }

  /** Appends a name to the arena and returns its end. */
  #name(name: string): number {
    if (name === '') return this.#named;
    this.#reserve(name.length * 3);
    const written = this.#names.write(name, this.#named);
    if (written === name.length || !hasEscapes(name)) this.#named += written;
    else {
      const bytes = encodePath(name);
      this.#names.set(bytes, this.#named);
      this.#named += bytes.length;
    }
    return this.#named;
  }
}

/** A copy of half the size where all numbers have a place in it. */
function narrowed(numbers: Float64Array): Uint32Array | Float64Array {
  return numbers.every((number) => number === number >>> 0) ? Uint32Array.from(numbers) : numbers.slice();
}

/** The same of owners: few have more than 16 bits. */
function narrowedIds(ids: Uint32Array): Uint16Array | Uint32Array {
  return ids.every((id) => id <= 0xffff) ? Uint16Array.from(ids) : ids.slice();
}

function extraOf(entry: Entry): Extra | undefined {
  const { xattrs, device, uid, gid } = entry;
  const wide = !fits(uid) || !fits(gid);
  if (!xattrs && !device && !wide) return undefined;
  return { ...(xattrs && { xattrs }), ...(device && { device }), ...(wide && { uid, gid }) };
}

function fits(id: number): boolean {
  return Number.isInteger(id) && id >= 0 && id <= MAX_UINT32;
}

function enlarged<A extends Uint8Array | Uint16Array | Uint32Array | Float64Array>(array: A, length: number): A {
  if (length <= array.length) return array;
  const larger = new (array.constructor as new (length: number) => A)(length);
  larger.set(array);
  return larger;
}
