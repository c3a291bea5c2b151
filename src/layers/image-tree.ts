import type { Entry } from './entry.ts';

/**
 * The fold over an image's layer records: final tree, who changed what and why, and the waste (DESIGN §1.5).
 * Made by `stack(records)`. Every stored body is an inode; paths point at inodes; hard links share one.
 */
export interface ImageTree {
  /** Sums of file bodies in bytes: stored = live + dead. */
  readonly storedBytes: number;
  readonly liveBytes: number;
  readonly deadBytes: number;
  /** One for each layer, lowest first. */
  readonly layers: readonly LayerChanges[];
  /** The final tree: every path that exists, parents before children, siblings in byte order. */
  files(): Iterable<TreeFile>;
  /** A path of the final tree, symlinks not followed. */
  get(path: string): TreeFile | undefined;
  /** The tree as it was after layer `n` (1-based): for catalogers that run again on lower views. */
  upTo(layer: number): TreeView;
}

export interface TreeView {
  get(path: string): TreeFile | undefined;
  files(): Iterable<TreeFile>;
}

/** A path that exists, the entry that gave it its metadata, and where its body is stored. */
export interface TreeFile {
  readonly path: string;
  readonly kind: 'file' | 'directory' | 'symlink' | 'character-device' | 'block-device' | 'fifo';
  /** The entry that made this path what it is; for a hard link the entry of the body it shares. */
  readonly entry: Entry;
  /** 1-based layer that holds `entry`. */
  readonly layer: number;
  /** Index of `entry` in that layer's table. */
  readonly index: number;
  /** 1-based layer since which this path has existed without a break. */
  readonly since: number;
}

export interface LayerChanges {
  readonly layer: number;
  /** Members of the tar: whiteouts and opaque markers counted, the root directory and AUFS bookkeeping not. */
  readonly entries: number;
  readonly storedBytes: number;
  /** Stored here, and not reachable in the final image. */
  readonly deadBytes: number;
  /** Made unreachable by this layer (overwritten, removed), wherever it was stored; same-layer rewrites included. */
  readonly deadBytesCaused: number;
  readonly added: number;
  readonly modified: number;
  readonly removed: number;
  /** In byte order of the path. Re-listed parents that did not change are not changes. */
  changes(): Iterable<Change>;
}

export type Reason =
  | 'content' // the body differs
  | 'rewritten' // the same body stored again, nothing else changed
  | 'mode'
  | 'owner'
  | 'mtime'
  | 'xattr'
  | 'link' // another symlink target
  | 'device'
  | 'type';

export interface Change {
  readonly path: string;
  readonly change: 'added' | 'modified' | 'removed';
  readonly kind: TreeFile['kind'];
  /** Bytes: of the new body; of what is gone, when removed. */
  readonly size: number;
  readonly mode: number;
  readonly uid: number;
  readonly gid: number;
  readonly mtime: number;
  readonly link?: string;
  /** Modified and removed: the 1-based layer that held what was changed. */
  readonly fromLayer?: number;
  /** Empty when added or removed. */
  readonly reasons: readonly Reason[];
}
