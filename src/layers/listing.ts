import { ABSENT, type History } from './history.ts';
import { NONE, type PathTrie, ROOT } from './path-trie.ts';

/** The directories of one view, ready to be walked: 8 bytes for each path. */
export interface Listing {
  /** Nodes in a directory, in byte order of their names. */
  children(node: number): number[];
}

/** Lists the paths that `isListed`; a listed path's parents must be listed too. */
export function listing(trie: PathTrie, isListed: (node: number) => boolean): Listing {
  const first = new Int32Array(trie.size).fill(NONE);
  const next = new Int32Array(trie.size);
  for (let node = trie.size - 1; node > ROOT; node--) {
    if (!isListed(node)) continue;
    const parent = trie.parent(node);
    next[node] = first[parent] as number;
    first[parent] = node;
  }
  return {
    children(node) {
      const found: number[] = [];
      for (let child = first[node] as number; child !== NONE; child = next[child] as number) found.push(child);
      return found.sort((a, b) => trie.compareNames(a, b));
    },
  };
}

/** Every path that exists after `layer`, without the root: parents before children, siblings in byte order. */
export function* nodesAfter(trie: PathTrie, history: History, layer: number): Generator<number> {
  const paths = listing(trie, (node) => history.after(layer, node) !== ABSENT);
  const todo = paths.children(ROOT).reverse();
  for (let node = todo.pop(); node !== undefined; node = todo.pop()) {
    yield node;
    const children = paths.children(node);
    for (let i = children.length - 1; i >= 0; i--) todo.push(children[i] as number);
  }
}
