import type { ByteSource } from '../../layers/byte-source.ts';
import { isSqlite, readTable } from './sqlite.ts';

/** Bounds against hostile databases. */
const MAX_HEADER = 256 * 1024 * 1024;
const MAX_PAGES = 4_000_000;

/**
 * The headers of an rpm database, in whichever of its three forms: SQLite (rpm ≥ 4.16), BerkeleyDB hash (before), or
 * NDB (SUSE). Throws an Error that says what is wrong.
 */
export function* rpmHeaders(bytes: ByteSource): Iterable<Uint8Array> {
  // Headers do not overlap, so all together have no more bytes than the file.
  let room = bytes.size;
  yield* headersIn(bytes, (length) => {
    room -= length;
    return room >= 0;
  });
}

/** @param fits whether there can be one more header of so many bytes */
function* headersIn(bytes: ByteSource, fits: (length: number) => boolean): Iterable<Uint8Array> {
  const head = bytes.slice(0, 64);
  if (isSqlite(head)) {
    for (const { values } of readTable(bytes, 'Packages')) if (values[1] instanceof Uint8Array) yield values[1];
  } else if (head.length === 64 && head.readUInt32LE(0) === NDB) yield* ndbBlobs(bytes, fits);
  else if (head.length === 64 && (head.readUInt32LE(12) === BDB_HASH || head.readUInt32BE(12) === BDB_HASH)) {
    yield* berkeleyValues(bytes, head.readUInt32LE(12) === BDB_HASH, fits);
  } else throw new Error('no rpm database: neither SQLite nor BerkeleyDB nor NDB');
}

const NDB = 0x506d7052; // RpmP
const NDB_SLOT = 0x746f6c53; // Slot
const NDB_BLOB = 0x53626c42; // BlbS

/** rpm, lib/backend/ndb/rpmpkg.c: pages of 4,096 bytes with slots of 16; a slot names a blob in blocks of 16 bytes. */
function* ndbBlobs(bytes: ByteSource, fits: (length: number) => boolean): Iterable<Uint8Array> {
  const pages = bytes.slice(0, 32).readUInt32LE(12);
  const slots = bytes.slice(0, Math.min(pages, MAX_PAGES) * 4096);
  for (let at = 32; at + 16 <= slots.length; at += 16) {
    if (slots.readUInt32LE(at) !== NDB_SLOT) throw new Error(`an NDB database with a damaged slot at byte ${at}`);
    const block = slots.readUInt32LE(at + 8);
    if (slots.readUInt32LE(at + 4) === 0 || block === 0) continue;
    const head = bytes.slice(block * 16, block * 16 + 16);
    if (head.length < 16 || head.readUInt32LE(0) !== NDB_BLOB) throw new Error('an NDB database with a damaged blob');
    const length = head.readUInt32LE(12);
    if (length > MAX_HEADER) throw new Error(`an NDB database with a blob of ${length} bytes`);
    if (!fits(length)) throw new Error('an NDB database whose blobs overlap');
    yield bytes.slice(block * 16 + 16, block * 16 + 16 + length);
  }
}

const BDB_HASH = 0x00061561;
const PAGE_HEADER = 26;
const HASH_PAGES = new Set([2, 13]);
const OVERFLOW_PAGE = 7;
const OFF_PAGE = 3;
const ON_PAGE = 1;
/** The value of key 0 is the next number to give away, no header. */
const SMALLEST_HEADER = 16;

/** Berkeley DB, dbinc/db_page.h: on each page of a hash, keys at the even and values at the odd items. */
function* berkeleyValues(bytes: ByteSource, little: boolean, fits: (length: number) => boolean): Iterable<Uint8Array> {
  const u16 = (page: Buffer, at: number) => (little ? page.readUInt16LE(at) : page.readUInt16BE(at));
  const u32 = (page: Buffer, at: number) => (little ? page.readUInt32LE(at) : page.readUInt32BE(at));
  const pageBytes = u32(bytes.slice(0, 64), 20);
  if (pageBytes < 512 || pageBytes > 65_536 || (pageBytes & (pageBytes - 1)) !== 0) {
    throw new Error('a BerkeleyDB with pages of no valid size');
  }
  const count = Math.min(Math.floor(bytes.size / pageBytes), MAX_PAGES);
  for (let number = 1; number < count; number++) {
    const page = bytes.slice(number * pageBytes, (number + 1) * pageBytes);
    if (!HASH_PAGES.has(page[25] as number)) continue;
    const items = Math.min(u16(page, 20), Math.floor((pageBytes - PAGE_HEADER) / 2));
    for (let item = 1; item < items; item += 2) {
      const at = u16(page, PAGE_HEADER + item * 2);
      // Items are laid down from the end of the page, so each ends where the one before begins.
      const end = u16(page, PAGE_HEADER + (item - 1) * 2);
      if (page[at] === OFF_PAGE && at + 12 <= pageBytes) yield overflow(u32(page, at + 4), u32(page, at + 8));
      else if (page[at] === ON_PAGE && end - at > SMALLEST_HEADER) {
        if (!fits(end - at)) throw new Error('a BerkeleyDB whose items overlap');
        yield page.subarray(at + 1, end);
      }
    }
  }

  function overflow(first: number, length: number): Uint8Array {
    if (length > MAX_HEADER) throw new Error(`a BerkeleyDB with a value of ${length} bytes`);
    if (!fits(length)) throw new Error('a BerkeleyDB whose values overlap');
    const parts: Buffer[] = [];
    let missing = length;
    for (let next = first; missing > 0; ) {
      const page = bytes.slice(next * pageBytes, (next + 1) * pageBytes);
      if (next === 0 || page.length < pageBytes || page[25] !== OVERFLOW_PAGE) {
        throw new Error(`a BerkeleyDB whose page ${next} is no part of a value`);
      }
      const part = page.subarray(PAGE_HEADER, PAGE_HEADER + Math.min(u16(page, 22), pageBytes - PAGE_HEADER, missing));
      if (part.length === 0) throw new Error(`a BerkeleyDB whose page ${next} is empty`);
      parts.push(part);
      missing -= part.length;
      next = u32(page, 16);
    }
    return Buffer.concat(parts);
  }
}
