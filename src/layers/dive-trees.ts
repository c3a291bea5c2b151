import type { EntryTable } from './entry-table.ts';
import { Int32List } from './int32-list.ts';
import { encodePath } from './path.ts';
import { NONE, PathTrie, ROOT } from './path-trie.ts';
import type { LayerRecord } from './record.ts';
import { whiteoutPath } from './tar.ts';

/**
 * The layers as dive sees them, each a tree of its own: paths are names (no symlink is followed), a whiteout is a file
 * called `.wh.…`, a directory that no member names is there without metadata, the last of several members counts.
 */
export interface DiveTrees {
  readonly trie: PathTrie;
  readonly layers: readonly DiveTree[];
  /** The path that a node hides when it is a whiteout, else NONE. */
  hidden(node: number): number;
}

export interface DiveTree {
  /** Nodes. Where a whiteout is among them: each after all that is below it, siblings in byte order. */
  readonly nodes: Int32Array;
  /** By position in `nodes`: index of its last member in the layer's table, NONE for a directory that none names. */
  readonly members: Int32Array;
  /** By position in `nodes`: whether nothing is below it. */
  readonly leaves: Uint8Array;
  /** Sum of the sizes of all members, repeated ones too. */
  readonly bytes: number;
}

/** @param isListed whether the order of the nodes matters also where no whiteout does */
export function diveTrees(records: readonly LayerRecord[], isListed = false): DiveTrees {
  const trie = new PathTrie();
  const hidden = new Map<number, number>();
  const named = records.map(({ entries }) => enterNames(entries, trie, hidden));
  const seen = new Seen(trie);
  const layers = records.map(({ entries }, i) => {
    const { nodes, bytes, hasWhiteouts } = named[i] as Named;
    const tree = seen.collect(entries, nodes, i + 1);
    return { ...(isListed || hasWhiteouts ? inOrder(trie, tree) : tree), bytes };
  });
  return { trie, layers, hidden: (node) => hidden.get(node) ?? NONE };
}

interface Named {
  /** By index in the layer's table: the node of its name. */
  readonly nodes: Int32Array;
  readonly bytes: number;
  readonly hasWhiteouts: boolean;
}

function enterNames(entries: EntryTable, trie: PathTrie, hidden: Map<number, number>): Named {
  const nodes = new Int32Array(entries.length);
  let bytes = 0;
  let hasWhiteouts = false;
  let lastParent: Uint8Array | undefined;
  let lastNode = ROOT;
  for (let i = 0; i < entries.length; i++) {
    const isWhiteout = entries.kind(i) === 'whiteout';
    const path = isWhiteout ? encodePath(whiteoutPath(entries.path(i))) : entries.pathBytes(i);
    bytes += entries.size(i);
    if (path.length === 0) continue;
    const end = Math.max(0, path.lastIndexOf(0x2f));
    const parent = path.subarray(0, end);
    if (!lastParent || Buffer.compare(parent, lastParent) !== 0) {
      lastNode = enterAll(trie, parent);
      lastParent = parent;
    }
    nodes[i] = trie.enter(lastNode, path, end === 0 && path[0] !== 0x2f ? 0 : end + 1, path.length);
    if (!isWhiteout) continue;
    hasWhiteouts = true;
    hidden.set(nodes[i] as number, enterAll(trie, entries.pathBytes(i)));
  }
  return { nodes, bytes, hasWhiteouts };
}

function enterAll(trie: PathTrie, path: Uint8Array): number {
  let node = ROOT;
  for (let start = 0; start < path.length; ) {
    let end = path.indexOf(0x2f, start);
    if (end < 0) end = path.length;
    node = trie.enter(node, path, start, end);
    start = end + 1;
  }
  return node;
}

/** By node, the last layer whose tree has it, and what it is there. One set of columns serves all layers. */
class Seen {
  readonly #trie: PathTrie;
  readonly #layers: Int32Array;
  readonly #members: Int32Array;
  /** The last layer in whose tree something is below the node. */
  readonly #parents: Int32Array;

  constructor(trie: PathTrie) {
    this.#trie = trie;
    this.#layers = new Int32Array(trie.size);
    this.#members = new Int32Array(trie.size);
    this.#parents = new Int32Array(trie.size);
  }

  /** The tree of a 1-based layer, in the order of its tar, each directory before or behind what is below it. */
  collect(entries: EntryTable, named: Int32Array, layer: number): Omit<DiveTree, 'bytes'> {
    const found = new Int32List(Math.max(16, entries.length));
    for (let i = 0; i < entries.length; i++) {
      const node = named[i] as number;
      for (let at = node; at !== ROOT && this.#layers[at] !== layer; at = this.#trie.parent(at)) {
        this.#layers[at] = layer;
        this.#members[at] = NONE;
        this.#parents[this.#trie.parent(at)] = layer;
        found.push(at);
      }
      // Of an opaque marker dive keeps the directories on the way to it, and nothing else.
      if (node !== ROOT && entries.kind(i) !== 'opaque') this.#members[node] = i;
    }
    const nodes = new Int32Array(found.length);
    const members = new Int32Array(found.length);
    const leaves = new Uint8Array(found.length);
    for (let at = 0; at < found.length; at++) {
      const node = found.get(at);
      nodes[at] = node;
      members[at] = this.#members[node] as number;
      if (this.#parents[node] !== layer) leaves[at] = 1;
    }
    return { nodes, members, leaves };
  }
}

/** The same tree in the order in which dive walks: each node after all that is below it, siblings in byte order. */
function inOrder(trie: PathTrie, tree: Omit<DiveTree, 'bytes'>): Omit<DiveTree, 'bytes'> {
  const positions = new Map<number, number>();
  const children = new Map<number, number[]>();
  for (const [at, node] of tree.nodes.entries()) {
    positions.set(node, at);
    const siblings = children.get(trie.parent(node));
    if (siblings) siblings.push(node);
    else children.set(trie.parent(node), [node]);
  }
  const childrenOf = (node: number) => children.get(node)?.sort((a, b) => trie.compareNames(a, b)) ?? [];
  const order = new Int32Array(tree.nodes.length);
  const todo = childrenOf(ROOT);
  // Backwards, a directory stands before what is below it.
  for (let at = order.length - 1; at >= 0; at--) {
    const node = todo.pop() as number;
    order[at] = positions.get(node) as number;
    for (const child of childrenOf(node)) todo.push(child);
  }
  return {
    nodes: order.map((at) => tree.nodes[at] as number),
    members: order.map((at) => tree.members[at] as number),
    leaves: Uint8Array.from(order, (at) => tree.leaves[at] as number),
  };
}
