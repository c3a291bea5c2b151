import type { Digest } from '../report/finding.ts';
import type { Entry, EntryKind } from './entry.ts';
import { decodePath } from './path.ts';

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
/** What stands for a kind in its column. */
export const KIND_CODES: Readonly<Record<EntryKind, number>> = Object.fromEntries(
  KINDS.map((kind, code) => [kind, code]),
) as Record<EntryKind, number>;

/** Of a SHA-256. */
export const DIGEST_BYTES = 32;

/** What few entries have: kept aside, by index. */
export interface Extra {
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

  /** Where the paths' bytes lie: path `i` is `names[pathStart(i), pathEnd(i))`. Cheaper than a view where there are many. */
  get names(): Uint8Array {
    return this.#names;
  }

  pathStart(i: number): number {
    return this.#end(2 * i - 1);
  }

  pathEnd(i: number): number {
    return this.#columns.ends[2 * i] as number;
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
