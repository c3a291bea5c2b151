import type { Digest } from '../report/finding.ts';
import type { Entry, EntryKind } from './entry.ts';
import { decodePath, encodePath, hasEscapes } from './path.ts';

const KINDS: readonly EntryKind[] = [
  'file',
  'directory',
  'symlink',
  'hardlink',
  'character-device',
  'block-device',
  'fifo',
  'whiteout',
  'opaque',
];
const KIND_CODES: Readonly<Record<EntryKind, number>> = Object.fromEntries(
  KINDS.map((kind, code) => [kind, code]),
) as Record<EntryKind, number>;

const DIGEST_BYTES = 32;
const MAX_UINT32 = 0xffffffff;

/** What few entries have: kept aside, by index. */
interface Extra {
  readonly xattrs?: Readonly<Record<string, string>>;
  readonly device?: { readonly major: number; readonly minor: number };
  /** Where the value does not fit its column. */
  readonly uid?: number;
  readonly gid?: number;
}

/**
 * The plain data of a table: crosses to another thread (structured clone, buffers transferable) and into a cache.
 * Path `i` is `names[ends[2i-1] or 0, ends[2i])`, its link `names[ends[2i], ends[2i+1])`.
 */
export interface EntryColumns {
  readonly length: number;
  readonly names: Uint8Array;
  readonly ends: Uint32Array;
  readonly kinds: Uint8Array;
  readonly modes: Uint16Array;
  readonly uids: Uint32Array;
  readonly gids: Uint32Array;
  readonly sizes: Float64Array;
  readonly mtimes: Float64Array;
  readonly bodyOffsets: Float64Array;
  /** 1-based position in `digests`; 0: none. Empty when no entry has a digest. */
  readonly digestOf: Uint32Array;
  /** SHA-256, 32 bytes each. */
  readonly digests: Uint8Array;
  readonly extras: readonly (readonly [index: number, extra: Extra])[];
}

/**
 * The entries of one layer as columns: typed arrays and one byte arena for names, so that a million entries fit in
 * well under 200 MB and cross to another thread without being copied. Immutable; made by `EntryTableBuilder`.
 *
 * Column getters do not check their index: 0 ≤ i < length is the caller's.
 */
export class EntryTable {
  readonly length: number;
  readonly #columns: EntryColumns;
  readonly #names: Buffer;
  readonly #extras: ReadonlyMap<number, Extra>;

  constructor(columns: EntryColumns) {
    this.length = columns.length;
    this.#columns = columns;
    this.#names = Buffer.from(columns.names.buffer, columns.names.byteOffset, columns.names.byteLength);
    this.#extras = new Map(columns.extras);
  }

  /** Decodes entry `i`. Throws RangeError outside 0…length-1. */
  at(i: number): Entry {
    if (!Number.isInteger(i) || i < 0 || i >= this.length) throw new RangeError(`no entry ${i} among ${this.length}`);
    const xattrs = this.xattrs(i);
    const device = this.device(i);
    const digest = this.digest(i);
    return {
      path: this.path(i),
      kind: this.kind(i),
      size: this.size(i),
      mode: this.mode(i),
      uid: this.uid(i),
      gid: this.gid(i),
      mtime: this.mtime(i),
      link: this.link(i),
      ...(xattrs && { xattrs }),
      ...(device && { device }),
      ...(digest && { digest }),
      bodyOffset: this.bodyOffset(i),
    };
  }

  path(i: number): string {
    return decodePath(this.#names, this.#end(2 * i - 1), this.#end(2 * i));
  }

  /** The path's bytes: a view, not a copy. Comparing these orders paths as the file system does. */
  pathBytes(i: number): Uint8Array {
    return this.#names.subarray(this.#end(2 * i - 1), this.#end(2 * i));
  }

  link(i: number): string {
    const start = this.#end(2 * i);
    const end = this.#end(2 * i + 1);
    return start === end ? '' : decodePath(this.#names, start, end);
  }

  kind(i: number): EntryKind {
    return KINDS[this.#columns.kinds[i] as number] as EntryKind;
  }

  size(i: number): number {
    return this.#columns.sizes[i] as number;
  }

  mode(i: number): number {
    return this.#columns.modes[i] as number;
  }

  uid(i: number): number {
    return this.#extras.get(i)?.uid ?? (this.#columns.uids[i] as number);
  }

  gid(i: number): number {
    return this.#extras.get(i)?.gid ?? (this.#columns.gids[i] as number);
  }

  mtime(i: number): number {
    return this.#columns.mtimes[i] as number;
  }

  bodyOffset(i: number): number {
    return this.#columns.bodyOffsets[i] as number;
  }

  xattrs(i: number): Readonly<Record<string, string>> | undefined {
    return this.#extras.get(i)?.xattrs;
  }

  device(i: number): { readonly major: number; readonly minor: number } | undefined {
    return this.#extras.get(i)?.device;
  }

  digest(i: number): Digest | undefined {
    const bytes = this.digestBytes(i);
    return bytes && `sha256:${Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString('hex')}`;
  }

  /** The 32 bytes of the body's SHA-256: a view, cheaper to compare than the string. */
  digestBytes(i: number): Uint8Array | undefined {
    const at = this.#columns.digestOf[i] ?? 0;
    return at === 0 ? undefined : this.#columns.digests.subarray((at - 1) * DIGEST_BYTES, at * DIGEST_BYTES);
  }

  *[Symbol.iterator](): IterableIterator<Entry> {
    for (let i = 0; i < this.length; i++) yield this.at(i);
  }

  /** Plain data to store or to send; `new EntryTable(columns)` is the way back. */
  columns(): EntryColumns {
    return this.#columns;
  }

  #end(k: number): number {
    return k < 0 ? 0 : (this.#columns.ends[k] as number);
  }
}

/** The buffers to hand to `postMessage` so that the columns move instead of being copied. */
export function transferables(columns: EntryColumns): ArrayBuffer[] {
  const arrays = Object.values(columns).filter((value): value is Uint8Array => ArrayBuffer.isView(value));
  return arrays.map((array) => array.buffer as ArrayBuffer);
}

/** A table of entries that are at hand as objects. */
export function entryTable(entries: Iterable<Entry>): EntryTable {
  const builder = new EntryTableBuilder();
  for (const entry of entries) builder.add(entry);
  return builder.build();
}

/** Collects entries in the order they are added; `build` may be called once. */
export class EntryTableBuilder {
  #length = 0;
  #named = 0;
  #digested = 0;
  #names = Buffer.allocUnsafeSlow(4096);
  #ends = new Uint32Array(128);
  #kinds = new Uint8Array(64);
  #modes = new Uint16Array(64);
  #uids = new Uint32Array(64);
  #gids = new Uint32Array(64);
  #sizes = new Float64Array(64);
  #mtimes = new Float64Array(64);
  #bodyOffsets = new Float64Array(64);
  #digestOf = new Uint32Array(0);
  #digests = new Uint8Array(0);
  readonly #extras: [number, Extra][] = [];

  get length(): number {
    return this.#length;
  }

  /** Bytes of all names and links so far. */
  get nameBytes(): number {
    return this.#named;
  }

  /** Appends an entry and returns its index. */
  add(entry: Entry): number {
    const i = this.#length++;
    if (i === this.#kinds.length) this.#grow();
    this.#ends[2 * i] = this.#name(entry.path);
    this.#ends[2 * i + 1] = this.#name(entry.link);
    this.#kinds[i] = KIND_CODES[entry.kind];
    this.#modes[i] = entry.mode;
    this.#uids[i] = entry.uid;
    this.#gids[i] = entry.gid;
    this.#sizes[i] = entry.size;
    this.#mtimes[i] = entry.mtime;
    this.#bodyOffsets[i] = entry.bodyOffset;
    if (entry.digest) this.setDigest(i, Buffer.from(entry.digest.slice('sha256:'.length), 'hex'));
    const extra = extraOf(entry);
    if (extra) this.#extras.push([i, extra]);
    return i;
  }

  /** States the SHA-256 (32 bytes) of entry `i`, once its body has passed. */
  setDigest(i: number, sha256: Uint8Array): void {
    if (sha256.length !== DIGEST_BYTES) throw new RangeError(`a SHA-256 has 32 bytes, not ${sha256.length}`);
    if (this.#digestOf.length <= i) this.#digestOf = enlarged(this.#digestOf, this.#kinds.length);
    const start = this.#digested * DIGEST_BYTES;
    if (start + DIGEST_BYTES > this.#digests.length)
      this.#digests = enlarged(this.#digests, Math.max(2048, start + (start >> 1)));
    this.#digests.set(sha256, start);
    this.#digestOf[i] = ++this.#digested;
  }

  /** The table; the builder lets go of its columns one by one, so that trimming does not double the memory. */
  build(): EntryTable {
    const length = this.#length;
    const names = this.#names.subarray(0, this.#named);
    const columns: EntryColumns = {
      length,
      names: names.length === this.#names.length ? names : new Uint8Array(names),
      ends: this.#ends.slice(0, 2 * length),
      kinds: this.#kinds.slice(0, length),
      modes: this.#modes.slice(0, length),
      uids: this.#uids.slice(0, length),
      gids: this.#gids.slice(0, length),
      sizes: this.#sizes.slice(0, length),
      mtimes: this.#mtimes.slice(0, length),
      bodyOffsets: this.#bodyOffsets.slice(0, length),
      digestOf: this.#digested === 0 ? new Uint32Array(0) : enlarged(this.#digestOf, length).slice(0, length),
      digests: this.#digests.slice(0, this.#digested * DIGEST_BYTES),
      extras: this.#extras,
    };
    this.#names = Buffer.alloc(0);
    return new EntryTable(columns);
  }

  /** Appends a name to the arena and returns its end. */
  #name(name: string): number {
    if (name === '') return this.#named;
    const most = this.#named + name.length * 3;
    if (most > this.#names.length) {
      const larger = Buffer.allocUnsafeSlow(Math.max(most, this.#names.length + (this.#names.length >> 1)));
      this.#names.copy(larger, 0, 0, this.#named);
      this.#names = larger;
    }
    const written = this.#names.write(name, this.#named);
    if (written === name.length || !hasEscapes(name)) this.#named += written;
    else {
      const bytes = encodePath(name);
      this.#names.set(bytes, this.#named);
      this.#named += bytes.length;
    }
    return this.#named;
  }

  #grow(): void {
    const size = this.#kinds.length + (this.#kinds.length >> 1);
    this.#ends = enlarged(this.#ends, 2 * size);
    this.#kinds = enlarged(this.#kinds, size);
    this.#modes = enlarged(this.#modes, size);
    this.#uids = enlarged(this.#uids, size);
    this.#gids = enlarged(this.#gids, size);
    this.#sizes = enlarged(this.#sizes, size);
    this.#mtimes = enlarged(this.#mtimes, size);
    this.#bodyOffsets = enlarged(this.#bodyOffsets, size);
  }
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
