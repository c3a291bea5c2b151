import type { Digest } from '../report/finding.ts';
import type { Entry, EntryKind } from './entry.ts';
import { decodePath } from './path.ts';

/** Every kind, by what stands for it in a column. */
export const KINDS: readonly EntryKind[] = [
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

const PART_BITS = 13;
/** Entries of a part; the last one may have fewer. */
export const PART_LENGTH = 2 ** PART_BITS;
const IN_PART = PART_LENGTH - 1;

/** Path `i` of a part is `names[ends[2i-1] or 0, ends[2i])`, its link `names[ends[2i], ends[2i+1])`. */
export interface EntryPart {
  readonly names: Uint8Array;
  readonly ends: Uint32Array;
  readonly kinds: Uint8Array;
  readonly modes: Uint16Array;
  readonly uids: Uint16Array | Uint32Array;
  readonly gids: Uint16Array | Uint32Array;
  readonly sizes: Uint32Array | Float64Array;
  readonly mtimes: Uint32Array | Float64Array;
  readonly bodyOffsets: Uint32Array | Float64Array;
}

/** The plain data of a table: crosses to another thread (structured clone, buffers transferable) and into a cache. */
export interface EntryColumns {
  readonly length: number;
  readonly parts: readonly EntryPart[];
  /** 1-based position in `digests`; 0: none. Empty when no entry has a digest. */
  readonly digestOf: Uint32Array;
  /** SHA-256, 32 bytes each. */
  readonly digests: Uint8Array;
  readonly extras: readonly (readonly [index: number, extra: Extra])[];
}

/**
 * The entries of one layer as columns: typed arrays and byte arenas for names, so that a million entries fit in
 * well under 200 MB and cross to another thread without being copied. Immutable; made by `EntryTableBuilder`.
 *
 * Column getters do not check their index: 0 ≤ i < length is the caller's.
 */
export class EntryTable {
  readonly length: number;
  readonly #columns: EntryColumns;
  /** By part: its names, as what can decode them. */
  readonly #names: readonly Buffer[];
  readonly #extras: ReadonlyMap<number, Extra>;

  constructor(columns: EntryColumns) {
    this.length = columns.length;
    this.#columns = columns;
    this.#names = columns.parts.map(({ names }) => Buffer.from(names.buffer, names.byteOffset, names.byteLength));
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
    return decodePath(this.namesOf(i), this.pathStart(i), this.pathEnd(i));
  }

  /** The path's bytes: a view, not a copy. Comparing these orders paths as the file system does. */
  pathBytes(i: number): Uint8Array {
    return this.namesOf(i).subarray(this.pathStart(i), this.pathEnd(i));
  }

  /** Where path `i` lies: bytes `[pathStart(i), pathEnd(i))` of this. Cheaper than a view where there are many. */
  namesOf(i: number): Uint8Array {
    return this.#names[i >>> PART_BITS] as Buffer;
  }

  pathStart(i: number): number {
    const at = i & IN_PART;
    return at === 0 ? 0 : (this.#part(i).ends[2 * at - 1] as number);
  }

  pathEnd(i: number): number {
    return this.#part(i).ends[2 * (i & IN_PART)] as number;
  }

  link(i: number): string {
    const start = this.pathEnd(i);
    const end = this.#part(i).ends[2 * (i & IN_PART) + 1] as number;
    return start === end ? '' : decodePath(this.namesOf(i), start, end);
  }

  kind(i: number): EntryKind {
    return KINDS[this.#part(i).kinds[i & IN_PART] as number] as EntryKind;
  }

  size(i: number): number {
    return this.#part(i).sizes[i & IN_PART] as number;
  }

  mode(i: number): number {
    return this.#part(i).modes[i & IN_PART] as number;
  }

  uid(i: number): number {
    return this.#extra(i)?.uid ?? (this.#part(i).uids[i & IN_PART] as number);
  }

  gid(i: number): number {
    return this.#extra(i)?.gid ?? (this.#part(i).gids[i & IN_PART] as number);
  }

  mtime(i: number): number {
    return this.#part(i).mtimes[i & IN_PART] as number;
  }

  bodyOffset(i: number): number {
    return this.#part(i).bodyOffsets[i & IN_PART] as number;
  }

  xattrs(i: number): Readonly<Record<string, string>> | undefined {
    return this.#extra(i)?.xattrs;
  }

  device(i: number): { readonly major: number; readonly minor: number } | undefined {
    return this.#extra(i)?.device;
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

  /** Puts the kinds (their codes) and the sizes of all entries into columns, from `at` on. */
  copyTo(kinds: Uint8Array, sizes: Float64Array, at: number): void {
    for (const [i, part] of this.#columns.parts.entries()) {
      kinds.set(part.kinds, at + i * PART_LENGTH);
      sizes.set(part.sizes, at + i * PART_LENGTH);
    }
  }

  /** Most tables have none. */
  #extra(i: number): Extra | undefined {
    return this.#extras.size === 0 ? undefined : this.#extras.get(i);
  }

  #part(i: number): EntryPart {
    return this.#columns.parts[i >>> PART_BITS] as EntryPart;
  }
}

/** The buffers to hand to `postMessage` so that the columns move instead of being copied. */
export function transferables(columns: EntryColumns): ArrayBuffer[] {
  const { parts, digestOf, digests } = columns;
  const arrays: Uint8Array[] = [...parts.flatMap((part) => Object.values(part)), digestOf, digests];
  return arrays.map((array) => array.buffer as ArrayBuffer);
}
