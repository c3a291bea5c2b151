import type { SiblingOrder } from './image-tree.ts';
import { type PathTrie, ROOT } from './path-trie.ts';

/** Sorts the children of all nodes by the bytes of their names. */
export function sortedChildren(trie: PathTrie): SiblingOrder {
  const counts = new Int32Array(trie.size);
  for (let node = ROOT + 1; node < trie.size; node++) {
    const parent = trie.parent(node);
    counts[parent] = (counts[parent] as number) + 1;
  }
  const starts = new Int32Array(trie.size + 1);
  for (let node = 0; node < trie.size; node++) starts[node + 1] = (starts[node] as number) + (counts[node] as number);
  const nodes = new Int32Array(trie.size);
  const next = starts.slice();
  for (let node = ROOT + 1; node < trie.size; node++) {
    const parent = trie.parent(node);
    const place = next[parent] as number;
    nodes[place] = node;
    next[parent] = place + 1;
  }
  for (let node = 0; node < trie.size; node++) {
    if ((counts[node] as number) < 2) continue;
    nodes.subarray(starts[node], starts[node + 1]).sort((a, b) => trie.compareNames(a, b));
  }
  return { starts, nodes };
}
