import type { Digest } from '../report/finding.ts';
import type { ByteSource } from './byte-source.ts';
import type { EntryTable } from './entry-table.ts';

/**
 * What one layer is, as a pure function of its bytes and the probes asked for (DESIGN §1.4): small, serialisable,
 * cacheable under its diffId. Made by `scanLayer`.
 */
export interface LayerRecord {
  /** SHA-256 of the uncompressed tar, when the scan read every byte; null when it skipped bodies by seeking. */
  readonly diffId: Digest | null;
  /** SHA-256 of the blob as stored, when every byte was read. */
  readonly digest: Digest | null;
  /** Sum of the sizes of file bodies, in bytes, without tar headers and padding. */
  readonly storedBytes: number;
  /** Bytes of the uncompressed tar. */
  readonly tarBytes: number;
  readonly compression: 'none' | 'gzip' | 'zstd';
  /** In the order of the tar, duplicates included. AUFS bookkeeping (`.wh..wh.*`) is left out; the root entry is kept. */
  readonly entries: EntryTable;
  /** What each probe found, by probe name. */
  readonly facts: Readonly<Record<string, readonly unknown[]>>;
  /** What was odd but readable, e.g. a hard link whose name is absolute. Bounded in number. */
  readonly problems: readonly string[];
}

/** A probe by name with its options: functions cannot cross to a worker thread. */
export interface ProbeRequest {
  readonly name: string;
  readonly options?: unknown;
}

/** Looks at bodies while they pass. One probe, one file in `src/layers/probes/`. */
export interface Probe<Fact> {
  readonly name: string;
  readonly version: number;
  /** Whether `wants` looks at `head`; without, heads are empty and unwanted bodies need not be read at all. */
  readonly needsHead: boolean;
  /** Asked for every regular file. `head` is the first bytes of the body (up to 512; fewer for small files). */
  wants(entry: { path: string; size: number; mode: number }, head: Uint8Array): boolean;
  /** Called for a wanted file; chunks are reused after `write` returns. */
  open(entry: { index: number; path: string; size: number }): ProbeSink<Fact>;
  /** Instead of `open` where the body can be read anywhere, which is where it stands: no more is read than is asked for. */
  read?(entry: { index: number; path: string; size: number }, body: ByteSource): Fact | undefined;
}

export interface ProbeSink<Fact> {
  write(chunk: Uint8Array): void;
  end(): Fact | undefined;
}

/** Fact of the `keep` probe: a whole file, for catalogers. `entry` indexes the record's table. */
export interface KeptBody {
  readonly entry: number;
  readonly bytes: Uint8Array;
}
