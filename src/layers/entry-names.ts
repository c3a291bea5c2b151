import { Inodes } from './inodes.ts';
import { Int32List } from './int32-list.ts';
import { encodePath } from './path.ts';
import { NONE, PathTrie, ROOT } from './path-trie.ts';
import type { LayerRecord } from './record.ts';
import { whiteoutPath } from './tar.ts';

/** Plain data of `EntryNames`. */
export interface NameColumns {
  readonly nodes: Int32Array;
  readonly hidden: readonly (readonly [number, number])[];
}

/**
 * Entries' names as they are written, as nodes: no symlink is followed, and a whiteout is a file called `.wh.…`. The root,
 * where no name was entered.
 */
export class EntryNames {
  readonly trie: PathTrie;
  readonly #inodes: Inodes;
  /** By inode. */
  readonly #nodes: Int32List;
  /** By the node of a whiteout: the path that it hides. */
  readonly #hidden: Map<number, number>;

  /** @param start about how many entries there will be, or the columns of others */
  constructor(trie: PathTrie, inodes: Inodes, start: number | NameColumns) {
    this.trie = trie;
    this.#inodes = inodes;
    this.#nodes = new Int32List(typeof start === 'number' ? start : start.nodes);
    this.#hidden = new Map(typeof start === 'number' ? [] : start.hidden);
  }

  /** All there is to say beside the trie, to be kept. */
  columns(): NameColumns {
    return { nodes: this.#nodes.view(), hidden: [...this.#hidden] };
  }

  /** To be called when `inodes` has one more layer. */
  begin(): void {
    this.#nodes.reach(this.#inodes.count, ROOT);
  }

  /** The node of an entry's name; layers count from 1. */
  node(layer: number, index: number): number {
    return this.#nodes.get(this.#inodes.number(layer, index));
  }

  /** By node: the path that it hides when it is a whiteout, else NONE. */
  hidden(): Int32Array {
    const paths = new Int32Array(this.trie.size).fill(NONE);
    for (const [node, path] of this.#hidden) paths[node] = path;
    return paths;
  }

  /** Whether any node hides a path. */
  get areAllShown(): boolean {
    return this.#hidden.size === 0;
  }

  /** States the node where it is known. */
  set(layer: number, index: number, node: number): void {
    this.#nodes.set(this.#inodes.number(layer, index), node);
  }

  /** Finds the node by the name. */
  enter(layer: number, index: number): void {
    const table = this.#inodes.table(layer);
    const [start, end] = [table.pathStart(index), table.pathEnd(index)];
    const path = this.trie.enterPath(table.namesOf(index), start, end);
    this.set(layer, index, path);
    if (table.kind(index) !== 'whiteout') return;
    const name = encodePath(whiteoutPath(table.path(index)));
    const node = this.trie.enterPath(name, 0, name.length);
    this.set(layer, index, node);
    this.#hidden.set(node, path);
  }
}

/** The same of layers that are not laid on one another. */
export function entryNames(records: readonly LayerRecord[]): EntryNames {
  const count = records.reduce((sum, { entries }) => sum + entries.length, 0);
  const inodes = new Inodes(count);
  const names = new EntryNames(new PathTrie(count), inodes, count);
  for (const [i, { entries }] of records.entries()) {
    inodes.add(entries);
    names.begin();
    for (let index = 0; index < entries.length; index++) names.enter(i + 1, index);
  }
  return names;
}
