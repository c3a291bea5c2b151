import type { EntryNames } from './entry-names.ts';
import type { EntryTable } from './entry-table.ts';
import { Int32List } from './int32-list.ts';
import { NONE, type PathTrie, ROOT } from './path-trie.ts';
import type { LayerRecord } from './record.ts';

/**
 * A layer as dive sees it: a directory that no member names is there without metadata, the last of several members counts.
 * Valid until the next layer's is asked for.
 */
export interface DiveTree {
  /** Where a whiteout is among them: each after all that is below it, siblings in byte order. */
  readonly nodes: Int32Array;
  /** By node of the tree: index of its last member in the layer's table, NONE for a directory that none names. */
  readonly members: Int32Array;
  /** By node of the tree: this layer's number where something is below it. */
  readonly parents: Int32Array;
  readonly layer: number;
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
    const { hasWhiteouts, ...tree } = seen.collect(entries, i + 1);
    yield isListed || hasWhiteouts ? { ...tree, nodes: inOrder(names.trie, tree.nodes) } : tree;
  }
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
  collect(entries: EntryTable, layer: number): DiveTree & { readonly hasWhiteouts: boolean } {
    const { trie } = this.#names;
    const [layers, members, parents] = [this.#layers, this.#members, this.#parents];
    const nodes = new Int32List(entries.length);
    let bytes = 0;
    let hasWhiteouts = false;
    for (let i = 0; i < entries.length; i++) {
      const node = this.#names.node(layer, i);
      const kind = entries.kind(i);
      bytes += entries.size(i);
      if (kind === 'whiteout') hasWhiteouts = true;
      for (let at = node; at !== ROOT && layers[at] !== layer; at = trie.parent(at)) {
        layers[at] = layer;
        members[at] = NONE;
        parents[trie.parent(at)] = layer;
        nodes.push(at);
      }
      // Of an opaque marker dive keeps the directories on the way to it, and nothing else.
      if (node !== ROOT && kind !== 'opaque') members[node] = i;
    }
    return { nodes: nodes.view(), members, parents, layer, bytes, hasWhiteouts };
  }
}

/** The same nodes in the order in which dive walks: each after all that is below it, siblings in byte order. */
function inOrder(trie: PathTrie, nodes: Int32Array): Int32Array {
  const children = new Map<number, number[]>();
  for (const node of nodes) {
    const siblings = children.get(trie.parent(node));
    if (siblings) siblings.push(node);
    else children.set(trie.parent(node), [node]);
  }
  const childrenOf = (node: number) => children.get(node)?.sort((a, b) => trie.compareNames(a, b)) ?? [];
  const order = new Int32Array(nodes.length);
  const todo = childrenOf(ROOT);
  // Backwards, a directory stands before what is below it.
  for (let at = order.length - 1; at >= 0; at--) {
    const node = todo.pop() as number;
    order[at] = node;
    for (const child of childrenOf(node)) todo.push(child);
  }
  return order;
}
