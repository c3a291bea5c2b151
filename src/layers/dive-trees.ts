import type { EntryNames } from './entry-names.ts';
import type { EntryTable } from './entry-table.ts';
import { Int32List } from './int32-list.ts';
import { NONE, type PathTrie, ROOT } from './path-trie.ts';
import type { LayerRecord } from './record.ts';

/** A layer as dive sees it: a directory that no member names is there without metadata, the last of several members counts. */
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

/**
 * The layers as dive sees them, each a tree of its own and made when it is asked for.
 * @param isListed whether the order of the nodes matters also where no whiteout does
 */
export function* diveTrees(
  records: readonly LayerRecord[],
  names: EntryNames,
  isListed = false,
): Generator<DiveTree, void, void> {
  const seen = new Seen(names);
  for (const [i, { entries }] of records.entries()) {
    const tree = seen.collect(entries, i + 1);
    const { bytes, hasWhiteouts } = sumOf(entries);
    yield { ...(isListed || hasWhiteouts ? inOrder(names.trie, tree) : tree), bytes };
  }
}

function sumOf(entries: EntryTable): { bytes: number; hasWhiteouts: boolean } {
  let bytes = 0;
  let hasWhiteouts = false;
  for (let i = 0; i < entries.length; i++) {
    bytes += entries.size(i);
    if (entries.kind(i) === 'whiteout') hasWhiteouts = true;
  }
  return { bytes, hasWhiteouts };
}

/** By node, the last layer whose tree has it, and what it is there. One set of columns serves all layers. */
class Seen {
  readonly #names: EntryNames;
  readonly #layers: Int32Array;
  readonly #members: Int32Array;
  /** The last layer in whose tree something is below the node. */
  readonly #parents: Int32Array;

  constructor(names: EntryNames) {
    const { trie } = names;
    this.#names = names;
    this.#layers = new Int32Array(trie.size);
    this.#members = new Int32Array(trie.size);
    this.#parents = new Int32Array(trie.size);
  }

  /** The tree of a 1-based layer, in the order of its tar, each directory before or behind what is below it. */
  collect(entries: EntryTable, layer: number): Omit<DiveTree, 'bytes'> {
    const { trie } = this.#names;
    const found = new Int32List(Math.max(16, entries.length));
    for (let i = 0; i < entries.length; i++) {
      const node = this.#names.node(layer, i);
      for (let at = node; at !== ROOT && this.#layers[at] !== layer; at = trie.parent(at)) {
        this.#layers[at] = layer;
        this.#members[at] = NONE;
        this.#parents[trie.parent(at)] = layer;
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
