import { crc32, inflateRawSync } from 'node:zlib';
import type { ByteSource } from '../../layers/byte-source.ts';

/** A member of a zip, as the central directory states it (APPNOTE.TXT 4.3.12). Sizes in bytes. */
export interface ZipEntry {
  /** UTF-8, or the bytes as Latin-1 where they are none. As written: may be absolute or hold `..`. */
  readonly name: string;
  /** 0 stored, 8 deflated. */
  readonly method: number;
  readonly crc: number;
  readonly compressedSize: number;
  readonly size: number;
  /** Of the local header, in the file. */
  readonly offset: number;
  readonly isEncrypted: boolean;
}

/** Bounds against hostile archives. */
const MAX_ENTRIES = 400_000;
const MAX_DIRECTORY = 256 * 1024 * 1024;

const END = 0x06054b50;
const END_BYTES = 22;
const END64 = 0x06064b50;
const END64_LOCATOR = 0x07064b50;
const CENTRAL = 0x02014b50;
const CENTRAL_BYTES = 46;
const LOCAL = 0x04034b50;
const LOCAL_BYTES = 30;
const MAX_16 = 0xffff;
const MAX_32 = 0xffffffff;

/**
 * The members of a zip, in the order of its directory. Bytes before the archive (a start script, an executable) are
 * allowed for. Throws an Error that says what is wrong.
 */
export function readZip(bytes: ByteSource): ZipEntry[] {
  const end = findEnd(bytes);
  if (!end) throw new Error('no zip archive: it has no end of central directory');
  const { count, directoryBytes, directoryOffset, at } = end;
  if (count > MAX_ENTRIES || directoryBytes > MAX_DIRECTORY) throw new Error(`a zip archive of ${count} members`);
  // What stands before the archive shifts all offsets.
  const shift = at - directoryBytes - directoryOffset;
  if (shift < 0) throw new Error('a zip archive that is cut: its directory ends behind the file');
  const directory = bytes.slice(directoryOffset + shift, at);
  const entries: ZipEntry[] = [];
  let position = 0;
  while (entries.length < count && position + CENTRAL_BYTES <= directory.length) {
    if (directory.readUInt32LE(position) !== CENTRAL) throw new Error(`a zip archive with a damaged directory`);
    const nameBytes = directory.readUInt16LE(position + 28);
    const extraBytes = directory.readUInt16LE(position + 30);
    const next = position + CENTRAL_BYTES + nameBytes + extraBytes + directory.readUInt16LE(position + 32);
    entries.push(readEntryHeader(directory, position, nameBytes, extraBytes, shift));
    position = next;
  }
  return entries;
}

/** A member's bytes. Throws when they are more than `limit` or than the directory states, damaged, encrypted, or packed in an unknown way. */
export function readZipEntry(bytes: ByteSource, entry: ZipEntry, limit: number): Buffer {
  if (entry.isEncrypted) throw new Error(`${entry.name} is encrypted`);
  if (entry.size > limit || entry.compressedSize > limit) throw new Error(`${entry.name} is over ${limit} bytes`);
  const header = bytes.slice(entry.offset, entry.offset + LOCAL_BYTES);
  if (header.length < LOCAL_BYTES || header.readUInt32LE(0) !== LOCAL) throw new Error(`${entry.name} is not there`);
  const start = entry.offset + LOCAL_BYTES + header.readUInt16LE(26) + header.readUInt16LE(28);
  const packed = bytes.slice(start, start + entry.compressedSize);
  if (packed.length < entry.compressedSize) throw new Error(`${entry.name} is cut`);
  if (entry.method !== 0 && entry.method !== 8) throw new Error(`${entry.name} is packed by method ${entry.method}`);
  const body = entry.method === 0 ? packed : inflateRawSync(packed, { maxOutputLength: Math.max(entry.size, 1) });
  if (crcOf(body) !== undefined && crcOf(body) !== entry.crc) throw new Error(`${entry.name} is damaged`);
  return body;
}

/** Undefined where Node has none (before 20.15). */
function crcOf(body: Buffer): number | undefined {
  return crc32?.(body);
}

function readEntryHeader(
  directory: Buffer,
  at: number,
  nameBytes: number,
  extraBytes: number,
  shift: number,
): ZipEntry {
  const raw = directory.subarray(at + CENTRAL_BYTES, at + CENTRAL_BYTES + nameBytes);
  const extra = directory.subarray(at + CENTRAL_BYTES + nameBytes, at + CENTRAL_BYTES + nameBytes + extraBytes);
  let size = directory.readUInt32LE(at + 24);
  let compressedSize = directory.readUInt32LE(at + 20);
  let offset = directory.readUInt32LE(at + 42);
  const wide = size === MAX_32 || compressedSize === MAX_32 || offset === MAX_32 ? wideFields(extra) : [];
  if (size === MAX_32) size = wide.shift() ?? size;
  if (compressedSize === MAX_32) compressedSize = wide.shift() ?? compressedSize;
  if (offset === MAX_32) offset = wide.shift() ?? offset;
  const text = raw.toString('utf8');
  return {
    name: text.includes('\ufffd') ? raw.toString('latin1') : text,
    method: directory.readUInt16LE(at + 10),
    crc: directory.readUInt32LE(at + 16),
    compressedSize,
    size,
    offset: offset + shift,
    isEncrypted: (directory.readUInt16LE(at + 8) & 1) !== 0,
  };
}

/** The zip64 extra field (4.5.3): only the values that did not fit, in a fixed order. */
function wideFields(extra: Buffer): number[] {
  for (let at = 0; at + 4 <= extra.length; ) {
    const bytes = extra.readUInt16LE(at + 2);
    if (extra.readUInt16LE(at) === 1) {
      const field = extra.subarray(at + 4, at + 4 + bytes);
      return Array.from({ length: Math.min(Math.floor(field.length / 8), 3) }, (_, i) =>
        Number(field.readBigUInt64LE(i * 8)),
      );
    }
    at += 4 + bytes;
  }
  return [];
}

interface End {
  readonly count: number;
  readonly directoryBytes: number;
  readonly directoryOffset: number;
  /** Where the directory ends, in the file. */
  readonly at: number;
}

/** The end record stands before a comment of at most 64 KiB. */
function findEnd(bytes: ByteSource): End | undefined {
  const start = Math.max(bytes.size - END_BYTES - MAX_16, 0);
  const tail = bytes.slice(start, bytes.size);
  for (let at = tail.length - END_BYTES; at >= 0; at--) {
    if (tail.readUInt32LE(at) !== END || at + END_BYTES + tail.readUInt16LE(at + 20) > tail.length) continue;
    const count = tail.readUInt16LE(at + 10);
    const directoryBytes = tail.readUInt32LE(at + 12);
    const directoryOffset = tail.readUInt32LE(at + 16);
    const isWide = count === MAX_16 || directoryBytes === MAX_32 || directoryOffset === MAX_32;
    return (isWide && findWideEnd(bytes, start + at)) || { count, directoryBytes, directoryOffset, at: start + at };
  }
  return undefined;
}

function findWideEnd(bytes: ByteSource, end: number): End | undefined {
  const locator = bytes.slice(end - 20, end);
  if (locator.length < 20 || locator.readUInt32LE(0) !== END64_LOCATOR) return undefined;
  // Where something stands before the archive, the stated place is wrong; the record has 56 bytes as everybody writes it.
  for (const at of [Number(locator.readBigUInt64LE(8)), end - 20 - 56]) {
    const record = bytes.slice(at, at + 56);
    if (record.length < 56 || record.readUInt32LE(0) !== END64) continue;
    return {
      count: Number(record.readBigUInt64LE(32)),
      directoryBytes: Number(record.readBigUInt64LE(40)),
      directoryOffset: Number(record.readBigUInt64LE(48)),
      at,
    };
  }
  return undefined;
}
