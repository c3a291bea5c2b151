import type { Digest } from './finding.ts';

/** What `dlint diff A B` tells. Secrets are masked already; paths are as hostile as the images. Sizes are bytes. */
export interface DiffReport {
  readonly tool: { readonly name: string; readonly version: string };
  readonly before: DiffSide;
  readonly after: DiffSide;
  /** Whether none of the sections asked for has a difference. */
  readonly isSame: boolean;
  /** A section that was not asked for is null. */
  readonly config: readonly ValueChange[] | null;
  /** Steps of both histories in order, with the layers they made. */
  readonly layers: LayerDiff | null;
  readonly packages: readonly PackageChange[] | null;
  readonly files: FileDiff | null;
}

export interface DiffSide {
  readonly reference: string;
  readonly imageId: Digest | null;
  readonly platform: string | null;
  readonly created: string | null;
  readonly layers: number;
  readonly storedBytes: number;
  readonly liveBytes: number;
  readonly compressedBytes: number | null;
}

export interface ValueChange {
  /** `user`, `env PATH`, `label org.example`, `port 80/tcp`, … */
  readonly name: string;
  /** Null where it is not set. */
  readonly before: string | null;
  readonly after: string | null;
}

export interface LayerDiff {
  /** Layers of the second image that the first has, too. */
  readonly shared: number;
  readonly sharedBytes: number;
  readonly steps: readonly LayerStep[];
}

export interface LayerStep {
  readonly change: 'same' | 'added' | 'removed';
  readonly instruction: string;
  /** 1-based in the image that has the step, the second one for both; null for a step that made none. */
  readonly layer: number | null;
  readonly diffId: Digest | null;
  readonly storedBytes: number;
}

export interface PackageChange {
  readonly name: string;
  /** `deb`, `npm`, … */
  readonly ecosystem: string;
  readonly change: 'added' | 'removed' | 'upgraded' | 'downgraded' | 'changed' | 'relicensed';
  /** Versions, or licences where only these differ. Null where the image has none. */
  readonly before: string | null;
  readonly after: string | null;
}

export interface FileDiff {
  readonly added: ByteSum;
  readonly removed: ByteSum;
  /** Bytes: by how much the changed files grew. */
  readonly changed: ByteSum;
  /** In byte order of the paths of each directory. */
  readonly changes: readonly FileChange[];
}

export interface ByteSum {
  readonly count: number;
  readonly bytes: number;
}

export interface FileChange {
  readonly path: string;
  readonly change: 'added' | 'removed' | 'changed';
  /** Empty unless changed. */
  readonly reasons: readonly FileReason[];
  /** Null where the image has no such path. */
  readonly before: FileState | null;
  readonly after: FileState | null;
}

export const fileReasons = ['type', 'content', 'link', 'device', 'mode', 'owner', 'xattr', 'mtime'] as const;
export type FileReason = (typeof fileReasons)[number];

export interface FileState {
  readonly kind: string;
  readonly size: number;
  readonly mode: number;
  readonly uid: number;
  readonly gid: number;
  /** Seconds. */
  readonly mtime: number;
  readonly link?: string;
  /** 1-based. */
  readonly layer: number;
}
