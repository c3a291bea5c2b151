import { Inodes } from './inodes.ts';
import { encodePath } from './path.ts';
import { NONE, PathTrie } from './path-trie.ts';
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
  readonly #nodes: Int32Array;
  readonly #hidden = new Map<number, number>();

  constructor(trie: PathTrie, inodes: Inodes) {
    this.trie = trie;
    this.#inodes = inodes;
    this.#nodes = new Int32Array(inodes.count);
  }

  /** The node of an entry's name; layers count from 1. */
  node(layer: number, index: number): number {
    return this.#nodes[this.#inodes.number(layer, index)] as number;
  }

  /** The path that a node hides when it is a whiteout, else NONE. */
  hidden(node: number): number {
    return this.#hidden.get(node) ?? NONE;
  }

  /** Whether any node hides a path. */
  get areAllShown(): boolean {
    return this.#hidden.size === 0;
  }

  /** States the node where it is known. */
  set(layer: number, index: number, node: number): void {
    this.#nodes[this.#inodes.number(layer, index)] = node;
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
  const inodes = new Inodes(records);
  const names = new EntryNames(new PathTrie(inodes.count), inodes);
  for (const [i, { entries }] of records.entries()) {
    for (let index = 0; index < entries.length; index++) names.enter(i + 1, index);
  }
  return names;
}
