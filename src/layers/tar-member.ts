import type { EntryKind } from './entry.ts';
import type { PaxFields } from './pax.ts';
import type { TarHeader } from './tar-header.ts';

/** One member of a tar, its extended headers applied. Names are as written. */
export interface TarMember {
  readonly name: string;
  readonly kind: Exclude<EntryKind, 'whiteout' | 'opaque'>;
  /** Bytes of the body as stored; 0 for anything but files. */
  readonly size: number;
  readonly mode: number;
  readonly uid: number;
  readonly gid: number;
  readonly mtime: number;
  readonly link: string;
  readonly xattrs: Readonly<Record<string, string>> | undefined;
  readonly device: { readonly major: number; readonly minor: number } | undefined;
  /** Where the body begins, in bytes from the start of the tar. */
  readonly bodyOffset: number;
  /** The body is packed, without its holes. */
  readonly isSparse: boolean;
}

const KINDS: Readonly<Record<string, TarMember['kind']>> = {
  '\0': 'file',
  '0': 'file',
  '1': 'hardlink',
  '2': 'symlink',
  '3': 'character-device',
  '4': 'block-device',
  '5': 'directory',
  '6': 'fifo',
  '7': 'file', // contiguous
  D: 'directory', // GNU incremental: the body lists names
  S: 'file', // old GNU sparse
};

/**
 * A header and its extended headers as the member they mean. Undefined for types that stand for no file of their own:
 * V (volume label), M (continued from another volume), those of vendors.
 *
 * Built in one shape and without spreading: a layer has a hundred thousand of them.
 */
export function decodeMember(
  header: TarHeader,
  pax: PaxFields,
  name: string,
  link: string,
  bodyOffset: number,
): TarMember | undefined {
  let kind = KINDS[header.type];
  if (!kind) return undefined;
  if (header.type === '\0' && name.endsWith('/')) kind = 'directory'; // v7 has no type for directories
  const isDevice = kind === 'character-device' || kind === 'block-device';
  const isLink = kind === 'symlink' || kind === 'hardlink';
  return {
    name,
    kind,
    size: kind === 'file' ? (pax.size ?? header.size) : 0,
    mode: header.mode,
    uid: valid(pax.uid) ?? header.uid,
    gid: valid(pax.gid) ?? header.gid,
    mtime: valid(pax.mtime) ?? header.mtime,
    link: isLink ? link : '',
    xattrs: pax.xattrs,
    device: isDevice ? { major: valid(pax.major) ?? header.major, minor: valid(pax.minor) ?? header.minor } : undefined,
    bodyOffset,
    isSparse: header.type === 'S' || pax.isSparse === true,
  };
}

function valid(value: number | undefined): number | undefined {
  return Number.isFinite(value) ? value : undefined;
}
