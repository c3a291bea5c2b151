import { causeOf } from './dead-bodies.ts';
import type { Fold } from './fold.ts';
import type { ContentOf, DeadBody, DeadGroup } from './image-tree.ts';
import { keepLargest } from './largest.ts';
import { NONE } from './path-trie.ts';

const CAUSES: readonly DeadBody['cause'][] = ['removed', 'overwritten', 'metadata', 'rewritten'];

interface Example {
  readonly inode: number;
  readonly size: number;
}

interface Sums extends Pick<DeadBody, 'layer' | 'killedBy' | 'cause'> {
  bytes: number;
  files: number;
  /** Bytes by the node of the directory; paths are put together at the end, for groups that somebody looks at. */
  readonly byNode: Map<number, number>;
  /** The same for bodies that no path ever led to. */
  readonly byPath: Map<string, number>;
  readonly examples: Example[];
}

/** Dead bodies in groups, in the order of their first ones. */
export function deadGroups(fold: Fold, contentOf: ContentOf, examples: number, layer?: number): DeadGroup[] {
  const { inodes, killers, places, trie } = fold;
  const groups = new Map<number, Sums>();
  for (let inode = 0; inode < killers.length; inode++) {
    const killedBy = killers[inode] as number;
    if (killedBy === 0 || inodes.kind(inode) !== 'file') continue;
    const size = inodes.size(inode);
    const storedIn = inodes.layer(inode);
    if (size === 0 || (layer !== undefined && storedIn !== layer && killedBy !== layer)) continue;
    const node = places[inode] as number;
    const cause = causeOf(fold, inode, node, killedBy, contentOf);
    const key = (storedIn * (fold.layers.length + 1) + killedBy) * CAUSES.length + CAUSES.indexOf(cause);
    const sums = groups.get(key) ?? begin(storedIn, killedBy, cause);
    if (sums.files === 0) groups.set(key, sums);
    sums.bytes += size;
    sums.files++;
    if (node === NONE) add(sums.byPath, directoryOf(pathOf(fold, inode)), size);
    else add(sums.byNode, trie.parent(node), size);
    keepLargest(sums.examples, { inode, size }, examples);
  }
  return [...groups.values()].map((sums) => deadGroup(fold, sums));
}

function begin(layer: number, killedBy: number, cause: DeadBody['cause']): Sums {
  return { layer, killedBy, cause, bytes: 0, files: 0, byNode: new Map(), byPath: new Map(), examples: [] };
}

function deadGroup(fold: Fold, { byNode, byPath, examples, ...sums }: Sums): DeadGroup {
  return {
    ...sums,
    examples: examples.map(({ inode, size }) => ({ path: pathOf(fold, inode), size, layer: sums.layer })),
    directories() {
      const directories = new Map(byPath);
      for (const [node, bytes] of byNode) add(directories, fold.trie.path(node), bytes);
      return directories;
    },
  };
}

function pathOf({ trie, inodes, places }: Fold, inode: number): string {
  const node = places[inode] as number;
  return node === NONE ? inodes.table(inodes.layer(inode)).path(inodes.index(inode)) : trie.path(node);
}

function directoryOf(path: string): string {
  return path.slice(0, Math.max(0, path.lastIndexOf('/')));
}

function add<K>(sums: Map<K, number>, key: K, bytes: number): void {
  sums.set(key, (sums.get(key) ?? 0) + bytes);
}
