import { Inodes } from './inodes.ts';
import { Int32List } from './int32-list.ts';
import { encodePath } from './path.ts';
import { NONE, PathTrie, ROOT } from './path-trie.ts';
import type { LayerRecord } from './record.ts';
import { whiteoutPath } from './tar.ts';

/**
 * Entries' names as they are written, as nodes: no symlink is followed, and a whiteout is a file called `.wh.…`. The root,
 * where no name was entered.
 */
export class EntryNames {
  readonly trie: PathTrie;
  readonly #inodes: Inodes;
  /** By inode. */
  readonly #nodes: Int32List;
  readonly #hidden = new Map<number, number>();

  /** @param expected about how many entries there will be */
  constructor(trie: PathTrie, inodes: Inodes, expected: number) {
    this.trie = trie;
    this.#inodes = inodes;
    this.#nodes = new Int32List(expected);
  }

  /** To be called when `inodes` has one more layer. */
  begin(): void {
    this.#nodes.reach(this.#inodes.count, ROOT);
  }

  /** The node of an entry's name; layers count from 1. */
  node(layer: number, index: number): number {
    return this.#nodes.get(this.#inodes.number(layer, index));
  }

  /** The path that a node hides when it is a whiteout, else NONE. */
  hidden(node: number): number {
    return this.#hidden.get(node) ?? NONE;
  }

  /** Every path that any node hides. */
  allHidden(): Iterable<number> {
    return this.#hidden.values();
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
