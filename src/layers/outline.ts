import type { OutlineNode } from '../report/image-report.ts';
import { changeOf, type Fold } from './fold.ts';
import { ABSENT, IMPLIED, type State } from './history.ts';
import type { Change } from './image-tree.ts';
import { type Listing, listing } from './listing.ts';
import { type PathTrie, ROOT } from './path-trie.ts';

/** The final tree. */
export function outline(fold: Fold): OutlineNode {
  const { history } = fold;
  const shown = (node: number): State => history.now(node);
  return root(fold, { shown, change: () => undefined, isListed: (node) => shown(node) !== ABSENT });
}

/** The paths that a 1-based layer changed, with the directories that lead to them. */
export function outlineOfChanges(fold: Fold, layer: number): OutlineNode {
  const { trie, history, layers } = fold;
  const versions = layers[layer - 1];
  const changes = new Map<number, Change['change']>();
  const listed = new Uint8Array(trie.size);
  for (let version = versions?.firstVersion ?? 0; version < (versions?.endVersion ?? 0); version++) {
    const change = changeOf(fold, version);
    if (!change) continue;
    changes.set(history.node(version), change);
    for (let node = history.node(version); node > ROOT && listed[node] === 0; node = trie.parent(node))
      listed[node] = 1;
  }
  return root(fold, {
    shown: (node) => history.after(changes.get(node) === 'removed' ? layer - 1 : layer, node),
    change: (node) => changes.get(node),
    isListed: (node) => listed[node] === 1,
  });
}

interface Selection {
  /** The state that is shown of a listed path. */
  shown(node: number): State;
  change(node: number): Change['change'] | undefined;
  isListed(node: number): boolean;
}

interface Sums {
  readonly bytes: Float64Array;
  readonly files: Int32Array;
}

function root(fold: Fold, selection: Selection): OutlineNode {
  return outlineNode(fold, selection, listing(fold.trie, selection.isListed), sumUp(fold, selection), ROOT);
}

/** Sums for directories: a node's number is greater than its parent's, so one pass from the end does. */
function sumUp({ trie, inodes }: Fold, selection: Selection): Sums {
  const sums: Sums = { bytes: new Float64Array(trie.size), files: new Int32Array(trie.size) };
  for (let node = trie.size - 1; node > ROOT; node--) {
    if (!selection.isListed(node)) continue;
    const state = selection.shown(node);
    if (state >= 0 && inodes.kind(state) === 'file') {
      sums.bytes[node] = (sums.bytes[node] as number) + inodes.size(state);
      sums.files[node] = (sums.files[node] as number) + 1;
    }
    addToParent(trie, sums, node);
  }
  return sums;
}

function addToParent(trie: PathTrie, sums: Sums, node: number): void {
  const parent = trie.parent(node);
  sums.bytes[parent] = (sums.bytes[parent] as number) + (sums.bytes[node] as number);
  sums.files[parent] = (sums.files[parent] as number) + (sums.files[node] as number);
}

function outlineNode(fold: Fold, selection: Selection, paths: Listing, sums: Sums, node: number): OutlineNode {
  const { trie, history, inodes } = fold;
  const state = node === ROOT ? IMPLIED : selection.shown(node);
  const kind = state < 0 ? 'directory' : inodes.kind(state);
  const change = selection.change(node);
  return {
    name: trie.name(node),
    kind,
    bytes: sums.bytes[node] as number,
    files: sums.files[node] as number,
    layer: state < 0 ? history.touched(fold.layers.length, node) : inodes.layer(state),
    ...(kind === 'symlink' && { link: inodes.link(state) }),
    ...(change && { change }),
    *children() {
      for (const child of paths.children(node)) yield outlineNode(fold, selection, paths, sums, child);
    },
  };
}
