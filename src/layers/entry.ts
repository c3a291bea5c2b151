import type { Digest } from '../report/finding.ts';

export type EntryKind =
  | 'file'
  | 'directory'
  | 'symlink'
  | 'hardlink'
  | 'character-device'
  | 'block-device'
  | 'fifo'
  | 'whiteout' // hides `path` of the layers below
  | 'opaque'; // hides everything the layers below have in `path`

/**
 * One member of a layer, decoded: OCI image-spec "Representing Changes", POSIX pax, GNU tar.
 *
 * `path` is relative, without leading or trailing `/`, without `.` and `..`; the root directory is the empty string;
 * a whiteout's path is that of what it hides. Bytes that are no UTF-8 are kept as lone surrogates U+DC80–U+DCFF
 * (byte 0x80–0xFF), so every path is one JavaScript string and can be turned back into its bytes (`pathBytes`).
 */
export interface Entry {
  readonly path: string;
  readonly kind: EntryKind;
  /** Bytes of the body as stored; 0 for anything but files. */
  readonly size: number;
  /** Permission bits with setuid, setgid and sticky (07777). */
  readonly mode: number;
  readonly uid: number;
  readonly gid: number;
  /** Seconds since the epoch, with fraction where pax states one. */
  readonly mtime: number;
  /** Target of a symlink as written; of a hard link, a path normalised like `path`. Else empty. */
  readonly link: string;
  /** Extended attributes by name; the values are latin1 strings, one character a byte. */
  readonly xattrs?: Readonly<Record<string, string>>;
  /** Devices only. */
  readonly device?: { readonly major: number; readonly minor: number };
  /** SHA-256 of the body, where the scan had it pass. */
  readonly digest?: Digest;
  /** Where the body begins in the uncompressed layer, in bytes. */
  readonly bodyOffset: number;
}
