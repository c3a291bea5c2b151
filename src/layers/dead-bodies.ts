import { fateOf, placeOf } from './difference.ts';
import type { Fold } from './fold.ts';
import { ABSENT, IMPLIED } from './history.ts';
import type { ContentOf, DeadBody } from './image-tree.ts';
import { NONE } from './path-trie.ts';

/** Dead bytes in sums, by layer. */
export interface DeadSums {
  readonly total: number;
  /** By 1-based layer. */
  readonly stored: Float64Array;
  readonly caused: Float64Array;
  /** By 1-based layer that stores: bytes by the layer that killed them. */
  readonly killers: readonly ReadonlyMap<number, number>[];
}

/** Adds up the bodies that no path of the final image reaches. */
export function sumDead({ inodes, killers, layers }: Fold): DeadSums {
  const stored = new Float64Array(layers.length + 1);
  const caused = new Float64Array(layers.length + 1);
  const killersOf = Array.from(stored, () => new Map<number, number>());
  const add = (sums: Float64Array, layer: number, bytes: number) => {
    sums[layer] = (sums[layer] as number) + bytes;
  };
  layers.forEach((layer, i) => {
    add(stored, i + 1, layer.unlistedBytes);
    add(caused, i + 1, layer.unlistedBytes);
    if (layer.unlistedBytes > 0) killersOf[i + 1]?.set(i + 1, layer.unlistedBytes);
  });
  for (let inode = 0; inode < killers.length; inode++) {
    const killer = killers[inode] as number;
    if (killer === 0) continue;
    const size = inodes.size(inode);
    if (size === 0) continue;
    const layer = inodes.layer(inode);
    add(stored, layer, size);
    add(caused, killer, size);
    const sums = killersOf[layer] as Map<number, number>;
    sums.set(killer, (sums.get(killer) ?? 0) + size);
  }
  return { total: stored.reduce((sum, bytes) => sum + bytes, 0), stored, caused, killers: killersOf };
}

/** Every dead body, lowest layer first. */
export function* deadBodies(fold: Fold, contentOf: ContentOf): Generator<DeadBody> {
  const { trie, inodes, killers, places } = fold;
  for (let inode = 0; inode < killers.length; inode++) {
    const killedBy = killers[inode] as number;
    if (killedBy === 0 || inodes.kind(inode) !== 'file') continue;
    const place = placeOf(inodes, inode);
    const node = places[inode] as number;
    yield {
      ...place,
      path: node === NONE ? inodes.table(place.layer).path(place.index) : trie.path(node),
      size: inodes.size(inode),
      killedBy,
      cause: causeOf(fold, inode, node, killedBy, contentOf),
    };
  }
}

export function causeOf(
  fold: Fold,
  inode: number,
  node: number,
  layer: number,
  contentOf: ContentOf,
): DeadBody['cause'] {
  const state = node === NONE ? ABSENT : fold.history.after(layer, node);
  if (state === ABSENT) return 'removed';
  if (state === IMPLIED) return 'overwritten';
  return fateOf(fold.inodes, inode, state, contentOf);
}
