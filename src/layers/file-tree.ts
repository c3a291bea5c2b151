import { DlintError } from '../errors.ts';
import { ABSENT, History, type HistoryColumns, IMPLIED, type State } from './history.ts';
import type { Inodes } from './inodes.ts';
import { Int32List } from './int32-list.ts';
import { LIMITS, raise } from './limits.ts';
import { encodePath } from './path.ts';
import { endOfName, NONE, PathTrie, ROOT, startOfName, type TrieColumns } from './path-trie.ts';
import { Siblings } from './siblings.ts';

/** As Linux: more symlinks than this on one way are a loop (path_resolution(7), ELOOP). */
const MAX_HOPS = 40;
/** What a change takes besides its path. */
const CHANGE_BYTES = 32;
/** Names that symlinks may add to one way: twice what fits into PATH_MAX. */
const MAX_LINK_NAMES = 4096;

/** Plain data of a `FileTree`. */
export interface FileTreeColumns {
  readonly trie: TrieColumns;
  readonly history: HistoryColumns;
  readonly siblings: Int32Array;
  readonly links: Int32Array;
  readonly changedBytes: number;
}

/**
 * The file system while layers are laid on it, as unpacking them inside a root would leave it: paths point at inodes,
 * hard links share one, symlinks in the middle of a path are followed inside the root.
 */
export class FileTree {
  readonly trie: PathTrie;
  readonly history: History;
  readonly #siblings: Siblings;
  readonly #inodes: Inodes;
  /** By inode: the paths that point at it. */
  readonly #links: Int32List;
  /** Called when the last path of an inode goes. */
  readonly #onDeath: (inode: number, node: number) => void;
  #layer = 0;
  /** What telling all changes would take, in bytes: a path of a thousand names implies a thousand directories. */
  #changedBytes = 0;
  /** Whether the last way that was followed led to the node of that very path: no symlink was on it. */
  isStraight = true;
  /** The directory of the last entry and the node it led to: a tar lists a directory's members in a row. */
  #lastParent: Uint8Array = new Uint8Array(0);
  #lastStart = 0;
  #lastEnd = 0;
  #lastIsStraight = true;
  #lastNode = NONE;

  /** @param start about how many inodes there will be, or the columns of another one */
  constructor(inodes: Inodes, start: number | FileTreeColumns, onDeath: (inode: number, node: number) => void) {
    const isNew = typeof start === 'number';
    this.#inodes = inodes;
    this.#onDeath = onDeath;
    this.trie = new PathTrie(isNew ? start : start.trie);
    this.history = new History(isNew ? start : start.history);
    this.#siblings = new Siblings(isNew ? start : start.siblings);
    this.#links = new Int32List(isNew ? start : start.links);
    if (isNew) this.history.record(0, ROOT, IMPLIED);
    else this.#changedBytes = start.changedBytes;
  }

  /** All there is to say, to be kept. */
  columns(): FileTreeColumns {
    return {
      trie: this.trie.columns(),
      history: this.history.columns(),
      siblings: this.#siblings.columns(),
      links: this.#links.view(),
      changedBytes: this.#changedBytes,
    };
  }

  /** What follows belongs to this 1-based layer, whose inodes have numbers now. */
  begin(layer: number): void {
    const { count } = this.#inodes;
    this.#layer = layer;
    this.#links.reach(count, 0);
    // Some more than there are entries: for directories that none names. Room that is not used takes no memory.
    const paths = count + (count >> 3) + 1024;
    this.trie.reserve(paths, count);
    this.history.reserve(paths);
    this.#siblings.reserve(paths);
    this.#lastNode = NONE;
  }

  isDirectory(state: State): boolean {
    return state === IMPLIED || (state !== ABSENT && this.#inodes.kind(state) === 'directory');
  }

  now(node: number): State {
    return this.history.now(node);
  }

  /** The node that the directory part of `bytes[start, end)` leads to, or NONE in a loop or behind a path of `stops`. */
  parentOf(bytes: Uint8Array, start: number, end: number, stops?: ReadonlySet<number>): number {
    const to = Math.max(start, startOfName(bytes, start, end) - 1);
    if (!stops && this.#lastNode !== NONE && this.#isLastParent(bytes, start, to)) {
      this.isStraight = this.#lastIsStraight;
      return this.#lastNode;
    }
    const node = this.follow(bytes, start, to, stops);
    if (!stops && node !== NONE) {
      this.#lastParent = bytes;
      this.#lastStart = start;
      this.#lastEnd = to;
      this.#lastIsStraight = this.isStraight;
      this.#lastNode = node;
    }
    return node;
  }

  #isLastParent(bytes: Uint8Array, start: number, end: number): boolean {
    const length = end - start;
    if (this.#lastEnd - this.#lastStart !== length) return false;
    for (let i = length - 1; i >= 0; i--) if (bytes[start + i] !== this.#lastParent[this.#lastStart + i]) return false;
    return true;
  }

  /** The node that a directory's path leads to, symlinks resolved inside the root; it need not exist. */
  follow(bytes: Uint8Array, from: number, to: number, stops?: ReadonlySet<number>): number {
    const todo: Pending[] = [{ bytes, at: from, to }];
    let node = ROOT;
    let hops = 0;
    let linkNames = 0;
    this.isStraight = true;
    while (todo.length > 0) {
      const pending = todo[todo.length - 1] as Pending;
      if (pending.at >= pending.to) {
        todo.pop();
        continue;
      }
      const start = pending.at;
      const end = endOfName(pending.bytes, start, pending.to);
      pending.at = end + 1;
      if (todo.length > 1 && ++linkNames > MAX_LINK_NAMES) return NONE;
      if (end === start || isDot(pending.bytes, start, end)) continue;
      if (isDotDot(pending.bytes, start, end)) {
        this.isStraight = false;
        if (node !== ROOT) node = this.trie.parent(node);
        continue;
      }
      const next = this.trie.enter(node, pending.bytes, start, end);
      const state = this.now(next);
      if (!this.#isSymlink(state)) {
        node = next;
        continue;
      }
      if (stops?.has(next) || ++hops > MAX_HOPS) return NONE;
      this.isStraight = false;
      const target = encodePath(this.#inodes.link(state));
      if (target[0] === 0x2f) node = ROOT;
      todo.push({ bytes: target, at: 0, to: target.length });
    }
    return node;
  }

  /** The node of the last name of `bytes[start, end)` in `parent`, if it was ever spoken of. */
  child(parent: number, bytes: Uint8Array, start: number, end: number): number {
    return this.trie.find(parent, bytes, startOfName(bytes, start, end), end);
  }

  /** Makes a path point at `inode`. Gives false if a parent was no directory and had to give way. */
  put(node: number, inode: number): boolean {
    // Counted first: a hard link may be the last path of what gives way to it.
    this.#links.set(inode, this.#links.get(inode) + 1);
    const fits = this.#makeDirectory(this.trie.parent(node));
    const before = this.now(node);
    const keepsChildren = this.#inodes.kind(inode) === 'directory' && this.isDirectory(before);
    if (before !== ABSENT && !keepsChildren) this.clear(node);
    this.#set(node, inode);
    return fits;
  }

  /** Removes a path with everything below it. Gives false if it was not there. */
  remove(node: number): boolean {
    if (node === NONE || node === ROOT || this.now(node) === ABSENT) return false;
    this.clear(node);
    this.#set(node, ABSENT);
    return true;
  }

  /** Removes everything below a path. */
  clear(top: number): void {
    let node = top;
    for (;;) {
      const child = this.#siblings.first(node);
      if (child !== NONE) node = child;
      else {
        if (node === top) return;
        const parent = this.trie.parent(node);
        this.#set(node, ABSENT);
        node = parent;
      }
    }
  }

  /** Makes a directory and its parents where missing; gives false if something else had to give way. */
  #makeDirectory(node: number): boolean {
    let fits = true;
    let lowest = node;
    const missing: number[] = [];
    // The parents of a directory are directories.
    while (!this.isDirectory(this.now(lowest))) {
      missing.push(lowest);
      lowest = this.trie.parent(lowest);
    }
    for (let i = missing.length - 1; i >= 0; i--) {
      const directory = missing[i] as number;
      if (this.now(directory) !== ABSENT) fits = false;
      this.#set(directory, IMPLIED);
    }
    return fits;
  }

  #isSymlink(state: State): boolean {
    return state >= 0 && this.#inodes.kind(state) === 'symlink';
  }

  #set(node: number, state: State): void {
    const before = this.now(node);
    this.#changedBytes += this.trie.pathBytes(node) + CHANGE_BYTES;
    if (this.#changedBytes > LIMITS.changedPathBytes) throw tooManyChanges();
    this.history.record(this.#layer, node, state);
    if (before === ABSENT && state !== ABSENT) this.#siblings.add(this.trie.parent(node), node);
    if (before !== ABSENT && state === ABSENT) this.#siblings.drop(this.trie.parent(node), node);
    if (this.#isSymlink(before) || this.#isSymlink(state)) this.#lastNode = NONE;
    if (before < 0) return;
    const links = this.#links.get(before) - 1;
    this.#links.set(before, links);
    if (links === 0) this.#onDeath(before, node);
  }
}

function tooManyChanges(): DlintError {
  return new DlintError('E_LIMIT', `changes whose paths have more than ${LIMITS.changedPathBytes} bytes`, {
    hint: raise('changedPathBytes'),
  });
}

interface Pending {
  readonly bytes: Uint8Array;
  at: number;
  readonly to: number;
}

function isDot(path: Uint8Array, start: number, end: number): boolean {
  return end === start + 1 && path[start] === 0x2e;
}

function isDotDot(path: Uint8Array, start: number, end: number): boolean {
  return end === start + 2 && path[start] === 0x2e && path[start + 1] === 0x2e;
}
