import type { ContentFacts, LargeFile, OutlineNode } from '../report/image-report.ts';
import type { Entry } from './entry.ts';
import type { EntryNames } from './entry-names.ts';
import type { LiveBody } from './live-copies.ts';
import type { MoveCandidates } from './moves.ts';

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
  /** 1-based layer that holds `entry`; for a directory that no entry names, the layer that first needed it. */
  readonly layer: number;
  /** Index of `entry` in that layer's table; -1 for a directory that no entry names, whose `entry` is made up (0755). */
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
  /** The dead bytes stored here, by the layer that made them unreachable. */
  readonly killedBy: ReadonlyMap<number, number>;
  readonly added: number;
  readonly modified: number;
  readonly removed: number;
  /** Bodies that this layer stores and that come to be under added and modified paths; a hard-linked one once. */
  readonly addedBytes: number;
  readonly modifiedBytes: number;
  /** Bodies whose removed paths they were; a hard-linked one once, whether or not another path is left. */
  readonly removedBytes: number;
  /** What unpacking meets in this layer and goes on from; absent when there was none. */
  readonly problems: Readonly<Partial<Record<StackProblem, number>>>;
  /**
   * In byte order of the path. Listed again without any difference is a change for a file, because its body is stored
   * again (`rewritten`), and none for anything else.
   */
  changes(): Iterable<Change>;
}

export type StackProblem =
  | 'whiteout without target'
  | 'hard link without target'
  | 'path through a loop of symlinks'
  | 'parent was no directory'
  | 'bookkeeping of eStargz or zstd:chunked, not listed as a change';

/** A body by its place: a 1-based layer and the index in that layer's table. */
export interface BodyPlace {
  readonly layer: number;
  readonly index: number;
}

/**
 * Pairs of bodies, one of which took the place of the other: four numbers each, layer and index of the one before, then
 * layer and index of the one after. Where a layer is only stored anew, there is one for every file.
 */
export type BodyPairs = Int32Array;
export const PAIR_NUMBERS = 4;

/** Names the content of a body where it is known, e.g. by its SHA-256: the same name means the same bytes. */
export type ContentOf = (place: BodyPlace) => string | number | undefined;
/** The same where the name is the digest. */
export type DigestOf = (place: BodyPlace) => string | undefined;

/** A body that no path of the final image reaches. */
export interface DeadBody extends BodyPlace {
  /** The last path it had; of the entry itself when it never came to be. */
  readonly path: string;
  readonly size: number;
  /** 1-based layer that made it unreachable. */
  readonly killedBy: number;
  /** What stands at the path after that layer instead of the body. */
  readonly cause: 'removed' | 'overwritten' | 'metadata' | 'rewritten';
}

/** Dead bodies with what they have in common; empty ones left out. */
export interface DeadGroup extends Pick<DeadBody, 'layer' | 'killedBy' | 'cause'> {
  readonly bytes: number;
  readonly files: number;
  /** Bytes of the files right inside each directory; the root is the empty string. */
  directories(): ReadonlyMap<string, number>;
  /** The largest first. */
  readonly examples: readonly LargeFile[];
}

/** What `stack` gives: the tree, and the questions that only bodies can answer. */
export interface StackedTree extends ImageTree {
  readonly names: EntryNames;
  /**
   * Rewrites of equal size of which only the bodies tell whether the content is another, where the records do not hold
   * both digests: the lowest layer's first. Until that is known such a rewrite counts as `content`.
   */
  undecided(): BodyPairs;
  /** The same tree with the contents of those bodies known. Records' own digests go first. */
  withContents(contentOf: ContentOf): StackedTree;
  /** Every dead body, lowest layer first. */
  deadBodies(): Iterable<DeadBody>;
  /** The same by who stored them, who killed them and how, with so many examples; of a 1-based layer, what it did or suffered. */
  deadGroups(examples: number, layer?: number): DeadGroup[];
  /** Bodies of the final tree, each under one path, that have the size of another: at least `least` bytes. */
  liveOfOneSize(least: number): LiveBody[][];
  /** What the layers may have moved: bodies of one size that were removed and added. */
  moveCandidates(): MoveCandidates[];
  /** The final tree in numbers, and its largest files, at most `limit`. */
  content(limit: number): { readonly facts: ContentFacts; readonly largest: LargeFile[] };
  /** The root of the final tree with the sizes of directories, or of the paths that a 1-based layer changed. */
  outline(changesOf?: number): OutlineNode;
  /**
   * The tree after a 1-based layer, with what the layers from `since` up to it did to each path. Made in time and memory
   * for all paths of the image, some ten bytes each.
   */
  layerTree(layer: number, since: number): LayerTree;
}

/**
 * A tree for looking around in: paths are numbers, the same ones in the trees of all layers of an image; 0 is the root, and
 * a child's number is greater than its parent's. What was removed is listed as it was before.
 */
export interface LayerTree {
  /** One more than the highest number. */
  readonly size: number;
  /** The children of all paths, listed or not, by name. */
  readonly order: SiblingOrder;
  /** By path: 1 for those that are listed. */
  readonly listed: Uint8Array;
  /** By path: index in CHANGES. */
  readonly changes: Uint8Array;
  /** Size of a file; of a directory, the sum of what exists below it, or, when it was removed, of what went with it. */
  readonly bytes: Float64Array;
  /** The same of what was changed alone, removed files included. */
  readonly changedBytes: Float64Array;
  /** By path: how many paths below it, without itself, were changed. */
  readonly changesBelow: Int32Array;
  change(node: number): Change['change'] | undefined;
  parent(node: number): number;
  name(node: number): string;
  path(node: number): string;
  /** The number of a path, whether it is listed or not; -1 when no layer speaks of it. */
  locate(path: string): number;
  shown(node: number): ShownPath;
  /** Why it counts as modified. */
  reasons(node: number): readonly Reason[];
}

export const CHANGES = [undefined, 'added', 'modified', 'removed'] as const;

/** The children of path `p` are `nodes[starts[p]]` … `nodes[starts[p + 1] - 1]`. */
export interface SiblingOrder {
  readonly starts: Int32Array;
  readonly nodes: Int32Array;
}

/** What a path of a layer's tree is; of what was removed, what it was. */
export interface ShownPath extends Omit<Entry, 'path' | 'kind'> {
  readonly kind: TreeFile['kind'];
  /** 1-based layer that stores it. */
  readonly layer: number;
  /** False for a directory that no entry names; its facts are made up. */
  readonly isNamed: boolean;
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
