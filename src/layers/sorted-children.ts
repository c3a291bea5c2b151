import { type PathTrie, ROOT } from './path-trie.ts';

/** The children of a node, in byte order of their names: a view, not to be written to. */
export type SortedChildren = (node: number) => Int32Array;

/** Sorts the children of all nodes once: 8 bytes for each. */
export function sortedChildren(trie: PathTrie): SortedChildren {
  const ends = new Int32Array(trie.size);
  for (let node = ROOT + 1; node < trie.size; node++) {
    const parent = trie.parent(node);
    ends[parent] = (ends[parent] as number) + 1;
  }
  const starts = new Int32Array(trie.size + 1);
  for (let node = 0; node < trie.size; node++) starts[node + 1] = (starts[node] as number) + (ends[node] as number);
  const children = new Int32Array(trie.size);
  const next = starts.slice();
  for (let node = ROOT + 1; node < trie.size; node++) {
    const parent = trie.parent(node);
    const place = next[parent] as number;
    children[place] = node;
    next[parent] = place + 1;
  }
  const of = (node: number): Int32Array => children.subarray(starts[node], starts[node + 1]);
  for (let node = 0; node < trie.size; node++) of(node).sort((a, b) => trie.compareNames(a, b));
  return of;
}
