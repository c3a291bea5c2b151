import { decodePath } from './path.ts';

export const BLOCK = 512;

/** One 512-byte header block, decoded as it stands: POSIX ustar, GNU tar's `tar.h`, star and v7. */
export interface TarHeader {
  readonly name: string;
  readonly type: string;
  /** Bytes of the body; NaN when the field is no number. */
  readonly size: number;
  readonly mode: number;
  readonly uid: number;
  readonly gid: number;
  readonly mtime: number;
  readonly link: string;
  readonly major: number;
  readonly minor: number;
  /** Old GNU sparse member (`S`) whose map goes on in the next block. */
  readonly isExtended: boolean;
}

/** Decodes the block at `at`: null when it is all zero, undefined when its checksum is wrong. */
export function decodeHeader(block: Buffer, at: number, sums = new HeaderSum()): TarHeader | null | undefined {
  const sum = sums.of(block, at);
  if (sum === 0) return null;
  const stated = decodeNumber(block, at + 148, 8);
  // The field counts as eight spaces; some old programs summed signed bytes.
  if (stated !== sum && stated !== signedChecksum(block, at)) return undefined;
  const prefix = isUstar(block, at) ? decodeText(block, at + PREFIX_AT, prefixRoom(block, at)) : '';
  const name = decodeText(block, at, 100);
  const type = String.fromCharCode(block[at + 156] as number);
  const isDevice = type === '3' || type === '4';
  return {
    name: prefix === '' ? name : `${prefix}/${name}`,
    type,
    size: decodeNumber(block, at + 124, 12),
    mode: decodeNumber(block, at + 100, 8) & 0o7777,
    uid: decodeNumber(block, at + 108, 8) || 0,
    gid: decodeNumber(block, at + 116, 8) || 0,
    mtime: decodeNumber(block, at + 136, 12) || 0,
    link: decodeText(block, at + 157, 100),
    major: isDevice ? decodeNumber(block, at + 329, 8) || 0 : 0,
    minor: isDevice ? decodeNumber(block, at + 337, 8) || 0 : 0,
    isExtended: type === 'S' && block[at + 482] !== 0,
  };
}

/** Whether the block could begin a tar archive: a good checksum, or all zero. */
export function isTarHeader(block: Buffer): boolean {
  return block.length >= BLOCK && decodeHeader(block, 0) !== undefined;
}

/** Where a ustar header has the directories of a long name. */
export const PREFIX_AT = 345;

export function isUstar(block: Buffer, at: number): boolean {
  return spells(block, at + 257, 'ustar\0');
}

/** star keeps times behind a shorter prefix, and says so at the end of the block. */
export function prefixRoom(block: Buffer, at: number): number {
  return spells(block, at + 508, 'tar\0') ? 131 : 155;
}

/** Adds up header blocks. Every member has one, and adding it up is much of its cost. */
export class HeaderSum {
  /** All of the buffer that blocks lie in, mostly one and the same. */
  #words: Int32Array = new Int32Array(0);

  /** 0 for a block of zeros. Words at a time where the block lies so. */
  of(block: Buffer, at: number): number {
    const start = block.byteOffset + at;
    const sum = start % 4 === 0 ? sumWords(this.#wordsOf(block), start / 4) : sumBytes(block, at, BLOCK);
    return sum === 0 ? 0 : sum - sumBytes(block, at + 148, 8) + 8 * 32;
  }

  #wordsOf({ buffer }: Buffer): Int32Array {
    if (this.#words.buffer !== buffer) this.#words = new Int32Array(buffer, 0, Math.floor(buffer.byteLength / 4));
    return this.#words;
  }
}

function sumBytes(block: Buffer, at: number, length: number): number {
  let sum = 0;
  for (let i = at; i < at + length; i++) sum += block[i] as number;
  return sum;
}

/** Adds up bytes, two at a time in the halves of a word: 256 of them do not overflow 16 bits. */
function sumWords(words: Int32Array, start: number): number {
  let even = 0;
  let odd = 0;
  for (let i = start; i < start + BLOCK / 4; i++) {
    const word = words[i] as number;
    even += word & 0x00ff00ff;
    odd += (word >>> 8) & 0x00ff00ff;
  }
  return (even & 0xffff) + (even >>> 16) + (odd & 0xffff) + (odd >>> 16);
}

function signedChecksum(block: Buffer, at: number): number {
  let sum = 8 * 32;
  for (let i = at; i < at + BLOCK; i++) if (i < at + 148 || i >= at + 156) sum += ((block[i] as number) << 24) >> 24;
  return sum;
}

/** Octal digits between spaces and NULs, or GNU's base-256 when the first bit is set; NaN for anything else. */
export function decodeNumber(block: Buffer, at: number, length: number): number {
  if ((block[at] as number) >= 0x80) return decodeBinary(block, at, length);
  let i = at;
  const end = at + length;
  while (i < end && block[i] === 32) i++;
  let value = 0;
  for (; i < end; i++) {
    const digit = (block[i] as number) - 48;
    if (digit < 0 || digit > 7) break;
    value = value * 8 + digit;
  }
  if (i < end && block[i] !== 0 && block[i] !== 32) return Number.NaN;
  return value;
}

/** Two's complement, most significant byte first, without the top bit of the first byte. */
function decodeBinary(block: Buffer, at: number, length: number): number {
  const isNegative = block[at] === 0xff;
  let value = isNegative ? -1 : (block[at] as number) & 0x7f;
  for (let i = at + 1; i < at + length; i++) value = value * 256 + (block[i] as number);
  return value;
}

function decodeText(block: Buffer, at: number, length: number): string {
  let end = at;
  while (end < at + length && block[end] !== 0) end++;
  return end === at ? '' : decodePath(block, at, end);
}

function spells(block: Buffer, at: number, text: string): boolean {
  for (let i = 0; i < text.length; i++) if (block[at + i] !== text.charCodeAt(i)) return false;
  return true;
}
