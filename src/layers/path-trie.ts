import { DlintError } from '../errors.ts';
import { decodePath, encodePath } from './path.ts';

/** The root directory's node. */
export const ROOT = 0;
/** No node. */
export const NONE = -1;

const SLASH = 0x2f;

/** Room for names; what is not used takes no memory. */
const USUAL_NAME_BYTES = 24;

/** More than any honest image has; hostile names of thousands of parts would make more than memory holds. */
const MAX_NODES = 16_000_000;

/** Plain data of a `PathTrie`. */
export interface TrieColumns {
  readonly nodes: Int32Array;
  readonly arena: Uint8Array;
  readonly slots: Int32Array;
}

/**
 * Every path ever spoken of, as a number. A node is a name below another node; nodes are never removed, so a number
 * stays valid for the whole image. Names lie as bytes in one arena (16 bytes and the name for each node), which also
 * gives the byte order that listings are sorted by.
 */
export class PathTrie {
  /**
   * Four numbers for each node, side by side as they are read together: its parent, where its name begins in the arena
   * (it ends where the next node's begins), its depth, and the bytes of its whole path.
   */
  #nodes: Int32Array;
  #size = 0;
  #arena: Uint8Array;
  /** Open addressing, linear probing; holds node + 1, 0 is free. Never more than half full. */
  #slots: Int32Array;

  /** Where `path` puts a path together. */
  #path = Buffer.allocUnsafeSlow(4096);

  /** @param start about how many nodes there will be, or the columns of another one */
  constructor(start: number | TrieColumns) {
    if (typeof start !== 'number') {
      this.#nodes = start.nodes;
      this.#size = start.nodes.length / 4 - 1;
      this.#arena = start.arena;
      this.#slots = start.slots;
      return;
    }
    const expected = start;
    this.#nodes = new Int32Array(4 * Math.max(1024, expected));
    this.#arena = new Uint8Array(Math.max(16_384, expected * USUAL_NAME_BYTES));
    this.#slots = new Int32Array(slotsFor(expected));
    this.#push(NONE, 0, 0, -1);
  }

  /** All there is to say, to be kept. */
  columns(): TrieColumns {
    // One more: there the last name ends.
    const nodes = this.#nodes.subarray(0, 4 * this.#size + 4);
    return { nodes, arena: this.#arena.subarray(0, this.#start(this.#size)), slots: this.#slots };
  }

  /** Makes room for so many nodes with names of usual length; slots, which are used all over, for those that are likely. */
  reserve(nodes: number, likely: number): void {
    if (4 * nodes + 8 > this.#nodes.length) this.#grow(nodes);
    if (nodes * USUAL_NAME_BYTES > this.#arena.length) this.#growArena(nodes * USUAL_NAME_BYTES);
    if (2 * likely > this.#slots.length) this.#rehash(likely);
  }

  /** Number of nodes; they are 0…size-1. */
  get size(): number {
    return this.#size;
  }

  parent(node: number): number {
    return this.#nodes[4 * node] as number;
  }

  /** Bytes of the path of a node other than the root. */
  pathBytes(node: number): number {
    return this.#nodes[4 * node + 3] as number;
  }

  /** The node of the name `bytes[start, end)` in `parent`, or NONE. */
  find(parent: number, bytes: Uint8Array, start: number, end: number): number {
    return (this.#slots[this.#slot(parent, bytes, start, end)] as number) - 1;
  }

  /** The same node, made where missing. */
  enter(parent: number, bytes: Uint8Array, start: number, end: number): number {
    const slot = this.#slot(parent, bytes, start, end);
    const found = (this.#slots[slot] as number) - 1;
    return found === NONE ? this.#add(parent, bytes, start, end, slot) : found;
  }

  /** The node of a whole path as written, or NONE; the empty path is the root. */
  locate(path: string): number {
    return this.locateBytes(encodePath(path));
  }

  /** The same of the path `bytes[start, end)`. */
  locateBytes(bytes: Uint8Array, start = 0, end = bytes.length): number {
    let node = ROOT;
    for (let at = start; node !== NONE && at < end; ) {
      const to = endOfName(bytes, at, end);
      node = this.find(node, bytes, at, to);
      at = to + 1;
    }
    return node;
  }

  /** The node of the path `bytes[start, end)`, made where missing. */
  enterPath(bytes: Uint8Array, start: number, end: number): number {
    let node = ROOT;
    for (let at = start; at < end; ) {
      const to = endOfName(bytes, at, end);
      node = this.enter(node, bytes, at, to);
      at = to + 1;
    }
    return node;
  }

  name(node: number): string {
    return decodePath(this.#arena, this.#start(node), this.#start(node + 1));
  }

  path(node: number): string {
    const length = this.pathBytes(node);
    if (length > this.#path.length) this.#path = Buffer.allocUnsafeSlow(length * 2);
    let end = length;
    for (let at = node; at > ROOT; at = this.parent(at)) {
      const start = this.#start(at);
      for (let i = this.#start(at + 1) - 1; i >= start; i--) this.#path[--end] = this.#arena[i] as number;
      if (end > 0) this.#path[--end] = SLASH;
    }
    return length <= 0 ? '' : decodePath(this.#path, 0, length);
  }

  /** Order of two names by their bytes. */
  compareNames(a: number, b: number): number {
    return this.#compare(a, false, b, false);
  }

  /** Order of two paths by their bytes, `/` included: `a`, `a-b`, `a/b`. */
  comparePaths(a: number, b: number): number {
    let [x, y] = [a, b];
    while (this.#depth(x) > this.#depth(b)) x = this.parent(x);
    while (this.#depth(y) > this.#depth(a)) y = this.parent(y);
    if (x === y) return this.#depth(a) - this.#depth(b);
    while (this.parent(x) !== this.parent(y)) {
      x = this.parent(x);
      y = this.parent(y);
    }
    return this.#compare(x, x !== a, y, y !== b);
  }

  /** Compares names as bytes; a flag says that a `/` follows. */
  #compare(a: number, aGoesOn: boolean, b: number, bGoesOn: boolean): number {
    let i = this.#start(a);
    let j = this.#start(b);
    const iEnd = this.#start(a + 1);
    const jEnd = this.#start(b + 1);
    while (i < iEnd && j < jEnd) {
      const order = (this.#arena[i++] as number) - (this.#arena[j++] as number);
      if (order !== 0) return order;
    }
    const nextOfA = i < iEnd ? (this.#arena[i] as number) : aGoesOn ? SLASH : -1;
    const nextOfB = j < jEnd ? (this.#arena[j] as number) : bGoesOn ? SLASH : -1;
    return nextOfA - nextOfB;
  }

  /** The slot that holds the name below `parent`, or the free one where it belongs. */
  #slot(parent: number, bytes: Uint8Array, start: number, end: number): number {
    const mask = this.#slots.length - 1;
    let slot = hash(parent, bytes, start, end) & mask;
    for (;;) {
      const node = (this.#slots[slot] as number) - 1;
      if (node === NONE || (this.parent(node) === parent && this.#isNamed(node, bytes, start, end))) return slot;
      slot = (slot + 1) & mask;
    }
  }

  #isNamed(node: number, bytes: Uint8Array, start: number, end: number): boolean {
    const own = this.#start(node);
    const length = end - start;
    if (this.#start(node + 1) - own !== length) return false;
    for (let i = 0; i < length; i++) if (this.#arena[own + i] !== bytes[start + i]) return false;
    return true;
  }

  #add(parent: number, bytes: Uint8Array, start: number, end: number, slot: number): number {
    if (this.size >= MAX_NODES) {
      throw new DlintError('E_LIMIT', `the image speaks of more than ${MAX_NODES} paths`, {
        hint: 'no unpacker would take it: look where it comes from',
      });
    }
    const node = this.#size;
    const from = this.#start(node);
    const to = from + end - start;
    if (to > this.#arena.length) this.#growArena(to);
    for (let i = start; i < end; i++) this.#arena[from + i - start] = bytes[i] as number;
    this.#push(parent, to, this.#depth(parent) + 1, this.pathBytes(parent) + 1 + end - start);
    this.#slots[slot] = node + 1;
    if (this.size * 2 > this.#slots.length) this.#rehash(this.size);
    return node;
  }

  /** @param end where its name ends: there the next one's begins */
  #push(parent: number, end: number, depth: number, length: number): void {
    const at = 4 * this.#size++;
    if (at + 8 > this.#nodes.length) this.#grow(this.#size + 1024);
    this.#nodes[at] = parent;
    this.#nodes[at + 2] = depth;
    this.#nodes[at + 3] = length;
    this.#nodes[at + 5] = end;
  }

  #start(node: number): number {
    return this.#nodes[4 * node + 1] as number;
  }

  #depth(node: number): number {
    return this.#nodes[4 * node + 2] as number;
  }

  #grow(nodes: number): void {
    const grown = new Int32Array(Math.max(4 * nodes + 8, this.#nodes.length + (this.#nodes.length >> 3) * 4));
    grown.set(this.#nodes);
    this.#nodes = grown;
  }

  #growArena(bytes: number): void {
    const grown = new Uint8Array(Math.max(this.#arena.length + (this.#arena.length >> 1), bytes));
    grown.set(this.#arena);
    this.#arena = grown;
  }

  /** Spreads the nodes over more slots: at least twice as many as `nodes`. */
  #rehash(nodes: number): void {
    const slots = new Int32Array(slotsFor(nodes));
    const mask = slots.length - 1;
    for (let node = 1; node < this.size; node++) {
      let slot = hash(this.parent(node), this.#arena, this.#start(node), this.#start(node + 1)) & mask;
      while (slots[slot] !== 0) slot = (slot + 1) & mask;
      slots[slot] = node + 1;
    }
    this.#slots = slots;
  }
}

/** A power of two, at least twice as many as there are nodes. */
function slotsFor(nodes: number): number {
  return Math.max(4096, 2 ** Math.ceil(Math.log2(2 * nodes + 1)));
}

/** Index after the name that begins at `start`, in a path that ends at `end`. */
export function endOfName(bytes: Uint8Array, start: number, end: number): number {
  let at = start;
  while (at < end && bytes[at] !== SLASH) at++;
  return at;
}

/** Where the last name of the path `bytes[start, end)` begins. */
export function startOfName(bytes: Uint8Array, start: number, end: number): number {
  let at = end;
  while (at > start && bytes[at - 1] !== SLASH) at--;
  return at;
}

/** FNV-1a over the parent's number and the bytes, with a final mix: linear probing needs the low bits well spread. */
function hash(parent: number, bytes: Uint8Array, start: number, end: number): number {
  let h = Math.imul(parent ^ 0x811c9dc5, 0x9e3779b1);
  for (let i = start; i < end; i++) h = Math.imul(h ^ (bytes[i] as number), 0x01000193);
  h ^= h >>> 15;
  h = Math.imul(h, 0x2c1b3c6d);
  return (h ^ (h >>> 13)) >>> 0;
}
