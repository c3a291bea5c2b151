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
  /** Nodes, each after all that is below it; siblings in byte order where a whiteout is among them. */
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
  const layers = records.map((record) => buildTree(record, trie, hidden, isListed));
  return { trie, layers, hidden: (node) => hidden.get(node) ?? NONE };
}

function buildTree({ entries }: LayerRecord, trie: PathTrie, hidden: Map<number, number>, isListed: boolean): DiveTree {
  const members = new Map<number, number>();
  let bytes = 0;
  let isOrdered = isListed;
  let lastParent: Uint8Array | undefined;
  let lastNode = ROOT;
  for (let i = 0; i < entries.length; i++) {
    const kind = entries.kind(i);
    const isWhiteout = kind === 'whiteout';
    const path = isWhiteout ? encodePath(whiteoutPath(entries.path(i))) : entries.pathBytes(i);
    if (path.length === 0) continue;
    const end = Math.max(0, path.lastIndexOf(0x2f));
    const parent = path.subarray(0, end);
    if (!lastParent || Buffer.compare(parent, lastParent) !== 0) {
      lastNode = enterAll(trie, parent);
      lastParent = parent;
    }
    const start = path[end] === 0x2f ? end + 1 : end;
    const node = trie.enter(lastNode, path, start, path.length);
    // Of an opaque marker dive keeps the directories on the way to it, and nothing else.
    members.set(node, kind === 'opaque' ? (members.get(node) ?? NONE) : i);
    bytes += entries.size(i);
    if (isWhiteout) isOrdered = true;
    if (isWhiteout) hidden.set(node, enterAll(trie, entries.pathBytes(i)));
  }
  return { ...inOrder(trie, members, isOrdered), bytes };
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

/** Adds the directories on the way to the members and puts all in the order in which dive walks. */
function inOrder(trie: PathTrie, members: Map<number, number>, isOrdered: boolean): Omit<DiveTree, 'bytes'> {
  const children = new Map<number, number[]>();
  for (const member of [...members.keys()]) {
    for (let node = member, isNew = true; node !== ROOT && isNew; node = trie.parent(node)) {
      if (node !== member) {
        isNew = !members.has(node);
        if (isNew) members.set(node, NONE);
      }
      const siblings = children.get(trie.parent(node));
      if (isNew && siblings) siblings.push(node);
      else if (isNew) children.set(trie.parent(node), [node]);
    }
  }
  const childrenOf = (node: number) => {
    const found = children.get(node) ?? [];
    return isOrdered ? found.sort((a, b) => trie.compareNames(a, b)) : found;
  };
  const nodes = new Int32Array(members.size);
  const todo = childrenOf(ROOT);
  // Backwards, a directory stands before what is below it.
  for (let at = nodes.length - 1; at >= 0; at--) {
    const node = todo.pop() as number;
    nodes[at] = node;
    for (const child of childrenOf(node)) todo.push(child);
  }
  return {
    nodes,
    members: nodes.map((node) => members.get(node) as number),
    leaves: Uint8Array.from(nodes, (node) => (children.has(node) ? 0 : 1)),
  };
}
