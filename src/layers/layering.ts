import { isBookkeeping } from './bookkeeping.ts';
import type { EntryNames } from './entry-names.ts';
import type { FileTree } from './file-tree.ts';
import { ABSENT } from './history.ts';
import type { StackProblem } from './image-tree.ts';
import type { Inodes } from './inodes.ts';
import type { Int32List } from './int32-list.ts';
import { encodePath } from './path.ts';
import { NONE, startOfName } from './path-trie.ts';

/** What laying finds out, for all layers. */
export interface Found {
  readonly killers: Int32List;
  readonly unlisted: Set<number>;
  readonly names: EntryNames;
}

/** One layer on its way onto the tree. */
export class Layering {
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
