import { isBookkeeping } from './bookkeeping.ts';
import { EntryNames, type NameColumns } from './entry-names.ts';
import { FileTree, type FileTreeColumns } from './file-tree.ts';
import { changesOf, type Fold, type LayerFold } from './fold.ts';
import { ABSENT } from './history.ts';
import type { StackedTree, StackProblem } from './image-tree.ts';
import { Inodes } from './inodes.ts';
import { Int32List } from './int32-list.ts';
import { encodePath } from './path.ts';
import { NONE, startOfName } from './path-trie.ts';
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
      changes: changesOf({ history, inodes, unlisted }),
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

/** What laying finds out, for all layers. */
interface Found {
  readonly killers: Int32List;
  readonly unlisted: Set<number>;
  readonly names: EntryNames;
}

/** One layer on its way onto the tree. */
class Layering {
  counted = 0;
  listedBytes = 0;
  readonly problems: Partial<Record<StackProblem, number>> = {};
  readonly #tree: FileTree;
  readonly #inodes: Inodes;
  readonly #layer: number;
  readonly #killers: Int32List;
  readonly #unlisted: Set<number>;
  readonly #names: EntryNames;

  constructor(tree: FileTree, inodes: Inodes, layer: number, { killers, unlisted, names }: Found) {
    this.#tree = tree;
    this.#inodes = inodes;
    this.#layer = layer;
    this.#killers = killers;
    this.#unlisted = unlisted;
    this.#names = names;
  }

  /** Hides what the layers below have: first the single paths, then the opaque directories. */
  whiteouts(): void {
    const table = this.#inodes.table(this.#layer);
    const markers: number[] = [];
    const opaques: number[] = [];
    for (let i = 0; i < table.length; i++) {
      const kind = table.kind(i);
      if (kind === 'whiteout') markers.push(i);
      else if (kind === 'opaque') opaques.push(i);
    }
    this.counted += markers.length + opaques.length;
    if (this.counted === 0) return;
    const own = this.#ownDirectories();
    for (const i of markers) {
      const names = table.namesOf(i);
      const [start, end] = [table.pathStart(i), table.pathEnd(i)];
      const parent = this.#tree.parentOf(names, start, end, own);
      const gone = parent !== NONE && end > start && this.#tree.remove(this.#tree.child(parent, names, start, end));
      if (!gone) this.#meet('whiteout without target');
      this.#names.enter(this.#layer, i);
    }
    for (const i of opaques) {
      const node = this.#tree.follow(table.namesOf(i), table.pathStart(i), table.pathEnd(i), own);
      this.#names.enter(this.#layer, i);
      if (node !== NONE && this.#tree.isDirectory(this.#tree.now(node))) this.#tree.clear(node);
    }
  }

  /** Adds what the layer holds, in the order of its tar. */
  entries(): void {
    const table = this.#inodes.table(this.#layer);
    for (let i = 0; i < table.length; i++) {
      const kind = table.kind(i);
      if (kind === 'whiteout' || kind === 'opaque') continue;
      const [start, end] = [table.pathStart(i), table.pathEnd(i)];
      if (start === end) continue;
      this.counted++;
      this.listedBytes += kind === 'file' ? table.size(i) : 0;
      const inode = this.#inodes.number(this.#layer, i);
      const isPlaced = this.#place(i, kind === 'hardlink' ? this.#linked(inode) : inode);
      if (!isPlaced && kind === 'file') this.#killers.set(inode, this.#layer);
      if (isPlaced && kind === 'file' && isBookkeeping(table.namesOf(i), start, end, table.size(i))) {
        this.#unlisted.add(this.#tree.trie.locateBytes(table.namesOf(i), start, end));
        this.#meet('bookkeeping of eStargz or zstd:chunked, not listed as a change');
      }
    }
  }

  /** Lays entry `i` down; false when it cannot be. */
  #place(i: number, inode: number | undefined): boolean {
    const table = this.#inodes.table(this.#layer);
    const [start, end] = [table.pathStart(i), table.pathEnd(i)];
    const names = table.namesOf(i);
    const parent = this.#tree.parentOf(names, start, end);
    if (parent === NONE) this.#meet('path through a loop of symlinks');
    else if (inode === undefined) this.#meet('hard link without target');
    if (parent === NONE || inode === undefined) {
      this.#names.enter(this.#layer, i);
      return false;
    }
    const node = this.#tree.trie.enter(parent, names, startOfName(names, start, end), end);
    if (this.#tree.isStraight) this.#names.set(this.#layer, i, node);
    else this.#names.enter(this.#layer, i);
    if (!this.#tree.put(node, inode)) this.#meet('parent was no directory');
    return true;
  }

  /** The inode that a hard link shares. */
  #linked(link: number): number | undefined {
    const target = encodePath(this.#inodes.link(link));
    if (target.length === 0) return undefined;
    const parent = this.#tree.parentOf(target, 0, target.length);
    const node = parent === NONE ? NONE : this.#tree.child(parent, target, 0, target.length);
    const state = node === NONE ? ABSENT : this.#tree.now(node);
    return state === ABSENT || this.#tree.isDirectory(state) ? undefined : state;
  }

  /** A directory that the layer itself holds hides a lower symlink of that name: what it whites out inside is not behind the symlink. */
  #ownDirectories(): Set<number> {
    const own = new Set<number>();
    const table = this.#inodes.table(this.#layer);
    for (let i = 0; i < table.length; i++) {
      if (table.kind(i) !== 'directory') continue;
      const node = this.#tree.trie.locateBytes(table.namesOf(i), table.pathStart(i), table.pathEnd(i));
      if (node !== NONE) own.add(node);
    }
    return own;
  }

  #meet(problem: StackProblem): void {
    this.problems[problem] = (this.problems[problem] ?? 0) + 1;
  }
}
