import { differences, isDifferent } from './difference.ts';
import type { Entry } from './entry.ts';
import type { Fold } from './fold.ts';
import { ABSENT, IMPLIED, type State } from './history.ts';
import {
  CHANGES,
  type Change,
  type ContentOf,
  type LayerTree,
  type Reason,
  type ShownPath,
  type SiblingOrder,
} from './image-tree.ts';
import { ROOT } from './path-trie.ts';
import { sortedChildren } from './sorted-children.ts';

const REMOVED = CHANGES.indexOf('removed');

/** Gives the tree after a layer; what all of them have in common is made once. */
export function layerTrees(fold: Fold, contentOf: ContentOf): (layer: number, since: number) => LayerTree {
  let order: SiblingOrder | undefined;
  return (layer, since) => {
    order ??= sortedChildren(fold.trie);
    return layerTree(fold, contentOf, order, layer, since);
  };
}

type Columns = Pick<LayerTree, 'listed' | 'changes' | 'bytes' | 'changedBytes' | 'changesBelow'>;

function layerTree(fold: Fold, contentOf: ContentOf, order: SiblingOrder, layer: number, since: number): LayerTree {
  const { trie, history, inodes } = fold;
  const columns = columnsOf(fold, layer, since);
  const stateOf = (node: number): State => history.after(columns.changes[node] === REMOVED ? since - 1 : layer, node);
  return {
    size: trie.size,
    order,
    ...columns,
    change: (node) => CHANGES[columns.changes[node] as number],
    parent: (node) => trie.parent(node),
    name: (node) => trie.name(node),
    path: (node) => trie.path(node),
    locate: (path) => trie.locate(path),
    shown: (node) => shownPath(fold, node, node === ROOT ? IMPLIED : stateOf(node), layer),
    reasons(node): readonly Reason[] {
      if (CHANGES[columns.changes[node] as number] !== 'modified') return [];
      const [before, after] = [history.after(since - 1, node), history.after(layer, node)];
      return before < 0 || after < 0 ? ['type'] : differences(inodes, before, after, contentOf);
    },
  };
}

/** A node's number is greater than its parent's, so one pass from the end sums up. */
function columnsOf(fold: Fold, layer: number, since: number): Columns {
  const { trie, history, inodes, unlisted } = fold;
  const columns: Columns = {
    listed: new Uint8Array(trie.size),
    changes: new Uint8Array(trie.size),
    bytes: new Float64Array(trie.size),
    changedBytes: new Float64Array(trie.size),
    changesBelow: new Int32Array(trie.size),
  };
  const { listed, changes, bytes, changedBytes, changesBelow } = columns;
  for (let node = trie.size - 1; node > ROOT; node--) {
    const after = history.after(layer, node);
    const before = history.after(since - 1, node);
    const change = before === after || unlisted.has(node) ? undefined : changeBetween(fold, before, after);
    // A directory that no entry names goes unmarked, also where it goes with all that was in it.
    if (after === ABSENT && change === undefined && listed[node] === 0) continue;
    const shown = change === 'removed' ? before : after;
    const size = shown >= 0 ? inodes.size(shown) : 0;
    const parent = trie.parent(node);
    listed[node] = 1;
    listed[parent] = 1;
    changes[node] = CHANGES.indexOf(change);
    bytes[node] = (bytes[node] as number) + size;
    if (change !== undefined) changedBytes[node] = (changedBytes[node] as number) + size;
    changesBelow[parent] = (changesBelow[parent] as number) + (changesBelow[node] as number) + (change ? 1 : 0);
    changedBytes[parent] = (changedBytes[parent] as number) + (changedBytes[node] as number);
    // What is gone is part of what is gone with it, and of nothing else.
    if (after !== ABSENT || (parent !== ROOT && history.after(layer, parent) === ABSENT)) {
      bytes[parent] = (bytes[parent] as number) + (bytes[node] as number);
    }
  }
  listed[ROOT] = 1;
  return columns;
}

function changeBetween({ inodes }: Fold, before: State, after: State): Change['change'] | undefined {
  if (before === after) return undefined;
  if (after === ABSENT) return before >= 0 ? 'removed' : undefined;
  if (after === IMPLIED) return before >= 0 && inodes.kind(before) !== 'directory' ? 'modified' : undefined;
  if (before < 0) return 'added';
  return isDifferent(inodes, before, after) ? 'modified' : undefined;
}

function shownPath({ inodes, history }: Fold, node: number, state: State, layer: number): ShownPath {
  if (state >= 0) {
    const entry: Entry = inodes.table(inodes.layer(state)).at(inodes.index(state));
    return { ...entry, kind: entry.kind as ShownPath['kind'], layer: inodes.layer(state), isNamed: true };
  }
  return {
    kind: 'directory',
    size: 0,
    mode: 0o755,
    uid: 0,
    gid: 0,
    mtime: 0,
    link: '',
    bodyOffset: 0,
    layer: history.touched(layer, node),
    isNamed: false,
  };
}
