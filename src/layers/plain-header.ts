import { decodeNumber, type HeaderSum, isUstar, PREFIX_AT, prefixRoom } from './tar-header.ts';

/** Bytes of a name and its prefix, and of a link: a plain header has no longer ones. */
export const PLAIN_NAME_BYTES = 256;

const SLASH = 0x2f;
const DOT = 0x2e;
const MOST_ID = 0xffffffff;

const KINDS = { 48: 'file', 49: 'hardlink', 50: 'symlink', 53: 'directory' } as const;

/**
 * A header that says all there is to say of its member, under a name that is a path as it stands. Nearly all are so:
 * they are read without making a string or an object of them. One `PlainHeader` serves for all headers of a tar.
 */
export class PlainHeader {
  kind: (typeof KINDS)[keyof typeof KINDS] = 'file';
  /** Bytes of the body; 0 for anything but files. */
  size = 0;
  mode = 0;
  uid = 0;
  gid = 0;
  mtime = 0;
  /** Where the body begins, in bytes from the start of the tar. */
  bodyOffset = 0;
  /** Path `names[pathStart, pathEnd)`, link `names[pathEnd + 1, linkEnd)`; a path normalised as `normalizePath` does. */
  readonly names = Buffer.alloc(2 * PLAIN_NAME_BYTES + 2);
  pathStart = 0;
  pathEnd = 0;
  linkEnd = 0;

  /** Reads the block at `at`. Gives false when it is no header, or one that takes more: `decodeHeader` tells. */
  read(block: Buffer, at: number, sum: HeaderSum): boolean {
    const kind = KINDS[block[at + 156] as keyof typeof KINDS] as PlainHeader['kind'] | undefined;
    if (kind === undefined || decodeNumber(block, at + 148, 8) !== sum.of(block, at)) return false;
    this.kind = kind;
    this.size = kind === 'file' ? decodeNumber(block, at + 124, 12) : 0;
    this.mode = decodeNumber(block, at + 100, 8) & 0o7777;
    this.uid = decodeNumber(block, at + 108, 8) || 0;
    this.gid = decodeNumber(block, at + 116, 8) || 0;
    this.mtime = decodeNumber(block, at + 136, 12) || 0;
    const isOrdinary =
      Number.isSafeInteger(this.size) &&
      this.size >= 0 &&
      isId(this.uid) &&
      isId(this.gid) &&
      this.#readPath(block, at);
    return isOrdinary && this.#readLink(block, at);
  }

  #readPath(block: Buffer, at: number): boolean {
    const { names } = this;
    let end = 0;
    if (block[at + PREFIX_AT] !== 0 && isUstar(block, at)) {
      end = copyText(block, at + PREFIX_AT, prefixRoom(block, at), names, 0);
      names[end++] = SLASH;
    }
    end = copyText(block, at, 100, names, end);
    // Many writers begin every name with `./`; all end those of directories with `/`.
    this.pathStart = names[0] === DOT && names[1] === SLASH ? 2 : 0;
    this.pathEnd = end > 0 && names[end - 1] === SLASH ? end - 1 : end;
    return isPath(names, this.pathStart, this.pathEnd);
  }

  #readLink(block: Buffer, at: number): boolean {
    const start = this.pathEnd + 1;
    this.linkEnd = start;
    if (this.kind !== 'symlink' && this.kind !== 'hardlink') return true;
    this.linkEnd = copyText(block, at + 157, 100, this.names, start);
    return this.kind === 'symlink' || isPath(this.names, start, this.linkEnd);
  }
}

function isId(id: number): boolean {
  return id >= 0 && id <= MOST_ID;
}

/** Copies a field up to its NUL; gives the end of the copy. */
function copyText(block: Buffer, at: number, length: number, to: Buffer, start: number): number {
  let end = start;
  for (let i = at; i < at + length; i++) {
    const byte = block[i] as number;
    if (byte === 0) break;
    to[end++] = byte;
  }
  return end;
}

/** Whether the bytes are a path as it stands: no empty name, no `.` and `..`, and none that begins like a whiteout. */
function isPath(bytes: Buffer, start: number, end: number): boolean {
  let atStart = true;
  for (let i = start; i < end; i++) {
    const byte = bytes[i] as number;
    if (byte === SLASH) {
      if (atStart) return false;
      atStart = true;
    } else {
      if (atStart && byte === DOT && isSpecial(bytes, i, end)) return false;
      atStart = false;
    }
  }
  return !atStart;
}

/** Of a name that begins with a dot at `at`: whether it is `.`, `..`, or begins with `.wh.`. */
function isSpecial(bytes: Buffer, at: number, end: number): boolean {
  const next = at + 1 < end ? bytes[at + 1] : SLASH;
  if (next === SLASH) return true;
  if (next === DOT) return at + 2 >= end || bytes[at + 2] === SLASH;
  return next === 0x77 && bytes[at + 2] === 0x68 && bytes[at + 3] === DOT;
}
