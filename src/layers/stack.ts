import { EntryNames, type NameColumns } from './entry-names.ts';
import { FileTree, type FileTreeColumns } from './file-tree.ts';
import { changesOf, type Fold, type LayerFold } from './fold.ts';
import type { StackedTree } from './image-tree.ts';
import { Inodes } from './inodes.ts';
import { Int32List } from './int32-list.ts';
import { type Found, Layering } from './layering.ts';
import { once } from './once.ts';
import { NONE } from './path-trie.ts';
import type { LayerRecord } from './record.ts';
import { stackedTree } from './stacked-tree.ts';

/**
 * Lays an image's layers on one another, lowest first (OCI image-spec "Applying Changesets"). A layer's whiteouts and
 * opaque markers act on the layers below, wherever they stand in its tar. Takes time and memory in proportion to the
 * entries; bodies are not read.
 */
export function stack(records: readonly LayerRecord[]): StackedTree {
  const layers = new LayerStack(records.reduce((sum, { entries }) => sum + entries.length, 0));
  for (const record of records) layers.add(record);
  return layers.tree();
}

/** Room for so many entries takes no memory until there are so many. */
const USUAL_ENTRIES = 120_000;

/** Plain data of a `LayerStack`: what its layers amount to, but for their entries. */
export interface StackColumns {
  readonly tree: FileTreeColumns;
  readonly names: NameColumns;
  readonly killers: Int32Array;
  readonly places: Int32Array;
  readonly unlisted: readonly number[];
  readonly layers: readonly LayerFold[];
}

/** Layers that are laid on one another as they come, see `stack`. */
export class LayerStack {
  readonly #inodes: Inodes;
  readonly #found: Found;
  readonly #places: Int32List;
  readonly #tree: FileTree;
  readonly #layers: LayerFold[];
  /** Layers whose records are still to come, of those that it began with. */
  #awaited: number;

  /** @param start about how many entries there will be in all layers, or the columns of a stack of the lowest ones */
  constructor(start: number | StackColumns = USUAL_ENTRIES) {
    const isNew = typeof start === 'number';
    const killers = new Int32List(isNew ? start : start.killers);
    this.#places = new Int32List(isNew ? start : start.places);
    this.#inodes = new Inodes(isNew ? start : start.killers.length);
    this.#tree = new FileTree(this.#inodes, isNew ? start : start.tree, (inode, node) => {
      killers.set(inode, this.#layers.length + 1);
      this.#places.set(inode, node);
    });
    const names = new EntryNames(this.#tree.trie, this.#inodes, isNew ? start : start.names);
    this.#found = { killers, unlisted: new Set(isNew ? [] : start.unlisted), names };
    this.#layers = isNew ? [] : [...start.layers];
    this.#awaited = this.#layers.length;
  }

  /** Of all layers so far. */
  get entries(): number {
    return this.#inodes.count;
  }

  /** All there is to say, to be kept. */
  columns(): StackColumns {
    const { killers, unlisted, names } = this.#found;
    return {
      tree: this.#tree.columns(),
      names: names.columns(),
      killers: killers.view(),
      places: this.#places.view(),
      unlisted: [...unlisted],
      layers: this.#layers,
    };
  }

  /** Takes the next layer from below, and lays it on those that are there. Throws `E_LIMIT`. */
  add(record: LayerRecord): void {
    this.#inodes.add(record.entries);
    if (this.#awaited > 0) this.#awaited--;
    else this.#lay(record);
  }

  #lay(record: LayerRecord): void {
    const tree = this.#tree;
    const { killers, names } = this.#found;
    killers.reach(this.#inodes.count, 0);
    this.#places.reach(this.#inodes.count, NONE);
    names.begin();
    const layer = this.#layers.length + 1;
    tree.begin(layer);
    const firstVersion = tree.history.length;
    const laid = new Layering(tree, this.#inodes, layer, this.#found);
    laid.whiteouts();
    laid.entries();
    this.#layers.push({
      entries: laid.counted,
      storedBytes: record.storedBytes,
      unlistedBytes: Math.max(0, record.storedBytes - laid.listedBytes),
      problems: laid.problems,
      firstVersion,
      endVersion: tree.history.length,
    });
  }

  /** The tree of all layers. None may be added later. */
  tree(): StackedTree {
    const { killers, unlisted, names } = this.#found;
    const { trie, history } = this.#tree;
    const inodes = this.#inodes;
    const fold: Fold = {
      trie,
      history,
      inodes,
      killers: killers.view(),
      places: this.#places.view(),
      names,
      unlisted,
      layers: this.#layers,
      changes: once(() => changesOf({ history, inodes, unlisted })),
    };
    return stackedTree(fold);
  }
}

/** Passes records on in the order of their layers, each as soon as those below it are there. */
export function inOrder(add: (record: LayerRecord) => void): (record: LayerRecord, layer: number) => void {
  const waiting = new Map<number, LayerRecord>();
  let next = 1;
  return (record, layer) => {
    waiting.set(layer, record);
    for (let lowest = waiting.get(next); lowest; lowest = waiting.get(next)) {
      waiting.delete(next++);
      add(lowest);
    }
  };
}
