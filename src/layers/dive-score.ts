import type { DiveScore } from '../report/image-report.ts';
import { type DiveTree, diveTrees } from './dive-trees.ts';
import { type EntryNames, entryNames } from './entry-names.ts';
import type { EntryTable } from './entry-table.ts';
import { NONE, ROOT } from './path-trie.ts';
import type { LayerRecord } from './record.ts';
import { Siblings } from './siblings.ts';

/**
 * The numbers that dive 0.13 computes, its deviations from the truth included: a removed file costs nothing where it
 * is removed, a removed directory once more what lies in it; all copies of a path are waste, the live one too;
 * opaque markers are overlooked; a whiteout without target ends the counting of its layer.
 */
export function diveScore(records: readonly LayerRecord[], names: EntryNames = entryNames(records)): DiveScore {
  const tally = new Tally(names.trie.size);
  // Only whiteouts ask for what is below them.
  const hidden = names.areAllShown ? undefined : names.hidden();
  const stacked = hidden && new StackedNames(names, hidden);
  const bytes: number[] = [];
  for (const tree of diveTrees(records, names)) {
    const i = bytes.push(tree.bytes) - 1;
    const { entries } = records[i] as LayerRecord;
    // Under the lowest layer there is nothing but itself.
    if (i === 0) stacked?.add(tree, entries);
    countLeaves(hidden, tree, entries, stacked, tally);
    stacked?.lay(tree, entries);
  }
  const sizeBytes = bytes.reduce((sum, each) => sum + each, 0);
  const userBytes = sizeBytes - (bytes[0] ?? 0);
  const wastedBytes = tally.repeated.reduce((sum, node) => sum + tally.sum(node), 0);
  return {
    sizeBytes,
    efficiency: tally.efficiency(),
    wastedBytes,
    wastedUserShare: userBytes === 0 && wastedBytes === 0 ? null : wastedBytes / userBytes,
    // Most reports show the sums alone, and there may be as many paths as in the image.
    get repeated() {
      return tally.repeated
        .map((node) => ({ count: tally.count(node), sizeBytes: tally.sum(node), path: `/${names.trie.path(node)}` }))
        .sort((a, b) => b.sizeBytes - a.sizeBytes);
    },
  };
}

/** Size of a node of the tree; of a directory that no member names, nothing. */
function sizeOf({ members }: DiveTree, entries: EntryTable, node: number): number {
  const member = members[node] as number;
  return member < 0 ? 0 : entries.size(member);
}

function isDirectory({ members }: DiveTree, entries: EntryTable, node: number): boolean {
  const member = members[node] as number;
  return member >= 0 && entries.kind(member) === 'directory';
}

/** @param hiddenBy by node: what it hides, see `EntryNames.hidden`; none where no node hides anything */
function countLeaves(
  hiddenBy: Int32Array | undefined,
  tree: DiveTree,
  entries: EntryTable,
  stacked: StackedNames | undefined,
  tally: Tally,
): void {
  stacked?.forgetSums();
  for (const node of tree.nodes) {
    if (tree.parents[node] === tree.layer) continue;
    const hidden = hiddenBy ? (hiddenBy[node] as number) : NONE;
    if (hidden === NONE) tally.add(node, sizeOf(tree, entries, node));
    else if (stacked?.has(hidden)) tally.add(hidden, stacked.isDirectory(hidden) ? stacked.sumBelow(hidden) : 0);
    else return;
  }
}

/** How often each path occurs in the layers, with which sizes. */
class Tally {
  /** Paths that occur twice or more, in the order of their second occurrence. */
  readonly repeated: number[] = [];
  readonly #counts: Int32Array;
  readonly #sums: Float64Array;
  readonly #least: Float64Array;

  constructor(size: number) {
    this.#counts = new Int32Array(size);
    this.#sums = new Float64Array(size);
    this.#least = new Float64Array(size);
  }

  add(node: number, bytes: number): void {
    const count = (this.#counts[node] as number) + 1;
    this.#counts[node] = count;
    this.#sums[node] = (this.#sums[node] as number) + bytes;
    this.#least[node] = count === 1 ? bytes : Math.min(this.#least[node] as number, bytes);
    if (count === 2) this.repeated.push(node);
  }

  count(node: number): number {
    return this.#counts[node] as number;
  }

  sum(node: number): number {
    return this.#sums[node] as number;
  }

  efficiency(): number {
    const all = sumOf(this.#sums);
    return all === 0 ? 1 : sumOf(this.#least) / all;
  }
}

function sumOf(numbers: Float64Array): number {
  let sum = 0;
  for (let i = 0; i < numbers.length; i++) sum += numbers[i] as number;
  return sum;
}

/** By node: 1 for those that are hidden by a whiteout of any layer, and all below them. */
function trackedNodes({ trie }: EntryNames, hidden: Int32Array): Uint8Array {
  const isTracked = new Uint8Array(trie.size);
  for (const node of hidden) if (node !== NONE) isTracked[node] = 1;
  // A node's number is greater than its parent's.
  for (let node = ROOT + 1; node < trie.size; node++) {
    if (isTracked[trie.parent(node)] === 1) isTracked[node] = 1;
  }
  return isTracked;
}

/**
 * The layers so far, laid on one another by name: a file on a directory keeps what is in the directory. Only what some
 * whiteout hides is kept track of, and what is below it: nobody asks for anything else.
 */
class StackedNames {
  readonly #names: EntryNames;
  readonly #hidden: Int32Array;
  readonly #isTracked: Uint8Array;
  readonly #siblings: Siblings;
  readonly #present: Uint8Array;
  readonly #directories: Uint8Array;
  readonly #sizes: Float64Array;
  readonly #sums = new Map<number, number>();

  constructor(names: EntryNames, hidden: Int32Array) {
    const { size } = names.trie;
    this.#names = names;
    this.#hidden = hidden;
    this.#isTracked = trackedNodes(names, hidden);
    this.#siblings = new Siblings(size);
    this.#present = new Uint8Array(size);
    this.#directories = new Uint8Array(size);
    this.#sizes = new Float64Array(size);
  }

  has(node: number): boolean {
    return this.#present[node] === 1;
  }

  isDirectory(node: number): boolean {
    return this.#directories[node] === 1;
  }

  /** A layer without what its whiteouts do. */
  add(tree: DiveTree, entries: EntryTable): void {
    for (const node of tree.nodes) {
      if (this.#hidden[node] === NONE) this.#put(node, tree, entries);
    }
  }

  /** A layer, in the order of its names: a whiteout also takes what stands before it in its own layer. */
  lay(tree: DiveTree, entries: EntryTable): void {
    for (const node of tree.nodes) {
      const hidden = this.#hidden[node] as number;
      if (hidden === NONE) this.#put(node, tree, entries);
      else if (this.has(hidden)) this.#remove(hidden);
    }
  }

  forgetSums(): void {
    this.#sums.clear();
  }

  /** The sizes of a path and all below it. Sums are kept: whiteouts may lie in one another. */
  sumBelow(top: number): number {
    const todo = [top];
    for (let node = todo.at(-1); node !== undefined; node = todo.at(-1)) {
      let sum: number | undefined = this.#sizes[node] as number;
      for (let child = this.#siblings.first(node); child !== NONE; child = this.#siblings.next(child)) {
        const below = this.#sums.get(child);
        if (below === undefined) todo.push(child);
        else if (sum !== undefined) sum += below;
        if (below === undefined) sum = undefined;
      }
      if (sum === undefined) continue;
      this.#sums.set(node, sum);
      todo.pop();
    }
    return this.#sums.get(top) as number;
  }

  #put(node: number, tree: DiveTree, entries: EntryTable): void {
    if (this.#isTracked[node] === 0) return;
    for (let at = node; this.#isTracked[at] === 1 && !this.has(at); at = this.#names.trie.parent(at)) {
      this.#present[at] = 1;
      this.#directories[at] = 0;
      this.#sizes[at] = 0;
      this.#siblings.add(this.#names.trie.parent(at), at);
    }
    this.#sizes[node] = sizeOf(tree, entries, node);
    this.#directories[node] = isDirectory(tree, entries, node) ? 1 : 0;
  }

  #remove(top: number): void {
    const gone = [top];
    for (const node of gone) {
      this.#present[node] = 0;
      for (let child = this.#siblings.first(node); child !== NONE; child = this.#siblings.next(child)) gone.push(child);
    }
    for (const node of gone) this.#siblings.drop(this.#names.trie.parent(node), node);
  }
}
