import { DlintError } from '../errors.ts';
import type { EntryKind } from './entry.ts';
import type { EntryTable } from './entry-table.ts';
import { LIMITS, raise } from './limits.ts';
import type { LayerRecord } from './record.ts';

/**
 * Every stored body is an inode: a number that counts the entries of all layers from the lowest. Hard links, whiteouts
 * and opaque markers have numbers too, which nothing points at.
 */
export class Inodes {
  /** One more than the highest number. */
  readonly count: number;
  readonly #tables: readonly EntryTable[];
  /** Number of each layer's first entry, and `count` at the end. */
  readonly #firsts: Float64Array;
  /** By inode: its layer. */
  readonly #layers: Uint16Array;

  constructor(records: readonly LayerRecord[]) {
    this.#tables = records.map((record) => record.entries);
    this.#firsts = new Float64Array(records.length + 1);
    for (let i = 0; i < records.length; i++) {
      this.#firsts[i + 1] = (this.#firsts[i] as number) + (this.#tables[i] as EntryTable).length;
    }
    this.count = this.#firsts[records.length] as number;
    // One layer may be listed a thousand times.
    if (this.count > LIMITS.imageEntries) {
      throw new DlintError('E_LIMIT', `${this.count} entries in the layers of one image`, {
        hint: raise('imageEntries', LIMITS, this.count),
      });
    }
    this.#layers = new Uint16Array(this.count);
    for (let i = 0; i < records.length; i++) this.#layers.fill(i + 1, this.#firsts[i], this.#firsts[i + 1]);
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
    return this.table(this.layer(inode)).kind(this.index(inode));
  }

  size(inode: number): number {
    return this.table(this.layer(inode)).size(this.index(inode));
  }

  link(inode: number): string {
    return this.table(this.layer(inode)).link(this.index(inode));
  }
}
