import { placeOf } from './difference.ts';
import type { Fold } from './fold.ts';
import { CHANGES, type DigestOf } from './image-tree.ts';
import type { LiveBody } from './live-copies.ts';

/** Files that one layer removed and added, and that have one size: what may have been moved. */
export interface MoveCandidates {
  readonly layer: number;
  readonly removed: readonly LiveBody[];
  readonly added: readonly LiveBody[];
}

/** The candidates of all layers, the largest files first. Empty files tell nothing. */
export function moveCandidates(fold: Fold): MoveCandidates[] {
  return fold.layers.flatMap((_, i) => candidatesOf(fold, i + 1)).sort((a, b) => sizeOf(b) - sizeOf(a));
}

function candidatesOf(fold: Fold, layer: number): MoveCandidates[] {
  const { trie, history, inodes, layers } = fold;
  const changes = fold.changes();
  const { firstVersion = 0, endVersion = 0 } = layers[layer - 1] ?? {};
  const bySize = new Map<number, { removed: number[]; added: number[] }>();
  const enlist = (kind: 'removed' | 'added', version: number): void => {
    const inode = kind === 'removed' ? history.before(version) : history.state(version);
    if (inode < 0 || inodes.kind(inode) !== 'file' || inodes.size(inode) === 0) return;
    const size = inodes.size(inode);
    let group = bySize.get(size);
    // What is added is listed only where something of its size is gone.
    if (!group && kind === 'added') return;
    group ??= { removed: [], added: [] };
    bySize.set(size, group);
    group[kind].push(version);
  };
  // Put together only for what may have been moved: most of what is removed was not.
  const bodies = (versions: readonly number[], stateOf: (version: number) => number): LiveBody[] =>
    versions.map((version) => {
      const inode = stateOf(version);
      return { ...placeOf(inodes, inode), size: inodes.size(inode), path: trie.path(history.node(version)) };
    });
  for (const kind of ['removed', 'added'] as const) {
    const code = CHANGES.indexOf(kind);
    for (let version = firstVersion; version < endVersion; version++) {
      if (changes[version] === code) enlist(kind, version);
    }
    if (bySize.size === 0) return [];
  }
  return [...bySize.values()]
    .filter(({ added }) => added.length > 0)
    .map(({ removed, added }) => {
      return {
        layer,
        removed: bodies(removed, (version) => history.before(version)),
        added: bodies(added, (version) => history.state(version)),
      };
    });
}

function sizeOf({ added }: MoveCandidates): number {
  return added[0]?.size ?? 0;
}

/** Paths by layer and new path: where the same content was before. Each removed path is the origin of one. */
export function movesOf(candidates: readonly MoveCandidates[], digestOf: DigestOf): Map<number, Map<string, string>> {
  const moves = new Map<number, Map<string, string>>();
  for (const { layer, removed, added } of candidates) {
    const gone = new Map<string, string[]>();
    for (const body of removed) {
      const digest = digestOf(body);
      const paths = digest === undefined ? undefined : gone.get(digest);
      if (paths) paths.push(body.path);
      else if (digest !== undefined) gone.set(digest, [body.path]);
    }
    const ofLayer = moves.get(layer) ?? new Map<string, string>();
    moves.set(layer, ofLayer);
    for (const body of added) {
      const digest = digestOf(body);
      const from = digest === undefined ? undefined : takeLikest(gone.get(digest), body.path);
      if (from !== undefined) ofLayer.set(body.path, from);
    }
  }
  return moves;
}

/** Takes the path of the same name, else any one: a folder that was moved keeps the names in it. */
function takeLikest(paths: string[] | undefined, path: string): string | undefined {
  if (!paths || paths.length === 0) return undefined;
  const name = path.slice(path.lastIndexOf('/') + 1);
  const same =
    paths.length > MOST_COMPARED ? -1 : paths.findIndex((one) => one.slice(one.lastIndexOf('/') + 1) === name);
  return same < 0 ? paths.pop() : paths.splice(same, 1)[0];
}

/** Of more equal files than this, any may be the one. */
const MOST_COMPARED = 100;
