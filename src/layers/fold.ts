import { isDifferent } from './difference.ts';
import type { EntryNames } from './entry-names.ts';
import { ABSENT, type History, IMPLIED } from './history.ts';
import { CHANGES, type Change, type StackProblem } from './image-tree.ts';
import type { Inodes } from './inodes.ts';
import type { PathTrie } from './path-trie.ts';

const [NONE, ADDED, MODIFIED, REMOVED] = ([undefined, 'added', 'modified', 'removed'] as const).map((change) =>
  CHANGES.indexOf(change),
) as [number, number, number, number];

/** What the fold leaves behind: everything else is read from here on demand. */
export interface Fold {
  readonly trie: PathTrie;
  readonly history: History;
  readonly inodes: Inodes;
  /** By inode: 1-based layer that made it unreachable, 0 while it lives. */
  readonly killers: Int32Array;
  /** By dead inode: the last path it had, or NONE. */
  readonly places: Int32Array;
  /** The nodes of the entries' names as they are written, which differs where a way leads through a symlink. */
  readonly names: EntryNames;
  /** Nodes whose changes are of no interest: they are how a layer is stored. */
  readonly unlisted: ReadonlySet<number>;
  readonly layers: readonly LayerFold[];
  /** By version: what its layer did to its path, see `changesOf`. */
  readonly changes: () => Uint8Array;
}

export interface LayerFold {
  readonly entries: number;
  readonly storedBytes: number;
  /** Stored, but of no entry (AUFS bookkeeping): dead where they lie. */
  readonly unlistedBytes: number;
  readonly problems: Readonly<Partial<Record<StackProblem, number>>>;
  /** The versions of the history that this layer made. */
  readonly firstVersion: number;
  readonly endVersion: number;
}

/** What the layer of a version did to its path; undefined when it left it as it was. */
export function changeOf({ changes }: Fold, version: number): Change['change'] | undefined {
  return CHANGES[changes()[version] as number];
}

/** By version: index in CHANGES. */
export function changesOf({ history, inodes, unlisted }: Pick<Fold, 'history' | 'inodes' | 'unlisted'>): Uint8Array {
  const changes = new Uint8Array(history.length);
  for (let version = 0; version < changes.length; version++) {
    const before = history.before(version);
    const after = history.state(version);
    if (unlisted.size > 0 && unlisted.has(history.node(version))) continue;
    if (after === ABSENT) changes[version] = before >= 0 ? REMOVED : NONE;
    else if (after === IMPLIED) changes[version] = before >= 0 && inodes.kind(before) !== 'directory' ? MODIFIED : NONE;
    else if (before < 0) changes[version] = ADDED;
    else if (isDifferent(inodes, before, after)) changes[version] = MODIFIED;
  }
  return changes;
}
