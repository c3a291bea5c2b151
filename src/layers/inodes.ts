import { DlintError } from '../errors.ts';
import type { EntryKind } from './entry.ts';
import { type EntryTable, KINDS } from './entry-table.ts';
import { LIMITS, raise } from './limits.ts';

/**
 * Every stored body is an inode: a number that counts the entries of all layers from the lowest. Hard links, whiteouts
 * and opaque markers have numbers too, which nothing points at.
 */
export class Inodes {
  readonly #tables: EntryTable[] = [];
  /** Number of each layer's first entry, and `count` at the end. */
  readonly #firsts: number[] = [0];
  /** By inode: its layer, its kind (as in the columns of a table) and its size. */
  #layers: Uint16Array;
  #kinds: Uint8Array;
  #sizes: Float64Array;

  /** @param expected about how many there will be */
  constructor(expected: number) {
    this.#layers = new Uint16Array(expected);
    this.#kinds = new Uint8Array(expected);
    this.#sizes = new Float64Array(expected);
  }

  /** One more than the highest number. */
  get count(): number {
    return this.#firsts[this.#tables.length] as number;
  }

  /** Numbers the entries of the next layer. Throws `E_LIMIT`: one layer may be listed a thousand times. */
  add(table: EntryTable): void {
    const first = this.count;
    const end = first + table.length;
    if (end > LIMITS.imageEntries) {
      throw new DlintError('E_LIMIT', `${end} entries and more in the layers of one image`, {
        hint: raise('imageEntries', LIMITS, end),
      });
    }
    if (end > this.#layers.length) this.#grow(Math.max(end, this.#layers.length + (this.#layers.length >> 1)));
    this.#layers.fill(this.#tables.push(table), first, end);
    table.copyTo(this.#kinds, this.#sizes, first);
    this.#firsts.push(end);
  }

  /** The inode of an entry; layers count from 1. */
  number(layer: number, index: number): number {
    return (this.#firsts[layer - 1] as number) + index;
  }

  /** 1-based layer that stores the inode. */
  layer(inode: number): number {
    return this.#layers[inode] as number;
  }

  /** Index in its layer's table. */
  index(inode: number): number {
    return inode - (this.#firsts[this.layer(inode) - 1] as number);
  }

  table(layer: number): EntryTable {
    return this.#tables[layer - 1] as EntryTable;
  }

  kind(inode: number): EntryKind {
    return KINDS[this.#kinds[inode] as number] as EntryKind;
  }

  size(inode: number): number {
    return this.#sizes[inode] as number;
  }

  link(inode: number): string {
    return this.table(this.layer(inode)).link(this.index(inode));
  }

  #grow(capacity: number): void {
    const [layers, kinds, sizes] = [this.#layers, this.#kinds, this.#sizes];
    this.#layers = new Uint16Array(capacity);
    this.#kinds = new Uint8Array(capacity);
    this.#sizes = new Float64Array(capacity);
    this.#layers.set(layers);
    this.#kinds.set(kinds);
    this.#sizes.set(sizes);
  }
}
