import type { Entry } from './entry.ts';

/**
 * The entries of one layer as columns: typed arrays and one byte arena for names, so that a million entries fit in
 * well under 200 MB and cross to another thread without being copied.
 *
 * This file fixes the interface; see the class below for the layout.
 */
export interface EntryTable {
  readonly length: number;
  /** Decodes entry `i`. Throws RangeError outside 0…length-1. */
  at(i: number): Entry;
  path(i: number): string;
  size(i: number): number;
}
