import type { ByteSource } from '../../layers/byte-source.ts';

export type SqliteValue = null | number | bigint | string | Uint8Array;

const MAGIC = 'SQLite format 3\0';
/** Bounds against hostile files: pages that lead in circles, records that claim gigabytes. */
const MAX_DEPTH = 32;
const MAX_RECORD = 256 * 1024 * 1024;
const MAX_COLUMNS = 2_000;

const INTERIOR = 5;
const LEAF = 13;

/** Whether a file begins as an SQLite database does. */
export function isSqlite(head: Uint8Array): boolean {
  return Buffer.from(head.buffer, head.byteOffset, Math.min(16, head.byteLength)).toString('latin1') === MAGIC;
}

/**
 * The rows of a table of an SQLite database (sqlite.org/fileformat2.html), each a value for each column in the order of
 * `CREATE TABLE`; a column declared INTEGER PRIMARY KEY holds null, its value is `rowid`. Reads the database file alone:
 * what lies in a write-ahead log beside it is not seen. Throws an Error that says what is wrong.
 */
export function* readTable(
  bytes: ByteSource,
  table: string,
): Iterable<{ readonly rowid: number; readonly values: readonly SqliteValue[] }> {
  const database = openDatabase(bytes);
  for (const { values } of rowsOf(database, 1)) {
    const [type, name, , root] = values;
    if (type === 'table' && name === table && typeof root === 'number') return yield* rowsOf(database, root);
  }
  throw new Error(`the database has no table ${table}`);
}

interface Database {
  readonly bytes: ByteSource;
  readonly pageBytes: number;
  /** Of a page, without what is reserved at its end. */
  readonly usable: number;
  readonly encoding: 'utf8' | 'utf16le' | 'utf16be';
  /** Bytes that records may still have: no two share any, so all together have no more than the file. */
  room: number;
}

function openDatabase(bytes: ByteSource): Database {
  const head = bytes.slice(0, 100);
  if (head.length < 100 || !isSqlite(head)) throw new Error('no SQLite database');
  const stated = head.readUInt16BE(16);
  const pageBytes = stated === 1 ? 65_536 : stated;
  const usable = pageBytes - (head[20] as number);
  if (pageBytes < 512 || (pageBytes & (pageBytes - 1)) !== 0 || usable < 480) throw new Error('pages of no valid size');
  const encoding = ({ 2: 'utf16le', 3: 'utf16be' } as const)[head.readUInt32BE(56)] ?? 'utf8';
  return { bytes, pageBytes, usable, encoding, room: bytes.size };
}

function* rowsOf(database: Database, root: number): Iterable<{ rowid: number; values: SqliteValue[] }> {
  const seen = new Set<number>();
  const waiting: { page: number; depth: number }[] = [{ page: root, depth: 0 }];
  while (waiting.length > 0) {
    const { page, depth } = waiting.pop() as { page: number; depth: number };
    if (seen.has(page) || depth > MAX_DEPTH) throw new Error(`page ${page} leads back to itself`);
    seen.add(page);
    const bytes = pageOf(database, page);
    const start = page === 1 ? 100 : 0;
    const kind = bytes[start];
    const count = bytes.readUInt16BE(start + 3);
    if (kind === INTERIOR) {
      const children = pointersOf(bytes, start + 12, count).map((at) => u32(bytes, at));
      children.push(u32(bytes, start + 8));
      for (const child of children.reverse()) waiting.push({ page: child, depth: depth + 1 });
    } else if (kind === LEAF) {
      for (const at of pointersOf(bytes, start + 8, count)) yield readCell(database, bytes, at);
    } else throw new Error(`page ${page} is no page of a table`);
  }
}

function pageOf({ bytes, pageBytes }: Database, page: number): Buffer {
  const found = bytes.slice((page - 1) * pageBytes, page * pageBytes);
  if (page < 1 || found.length < pageBytes) throw new Error(`page ${page} is not there`);
  return found;
}

function pointersOf(page: Buffer, at: number, count: number): number[] {
  if (at + count * 2 > page.length) throw new Error('a page with more cells than it can hold');
  return Array.from({ length: count }, (_, i) => page.readUInt16BE(at + i * 2));
}

function u32(page: Buffer, at: number): number {
  if (at + 4 > page.length) throw new Error('a cell outside of its page');
  return page.readUInt32BE(at);
}

function readCell(database: Database, page: Buffer, at: number): { rowid: number; values: SqliteValue[] } {
  const size = varint(page, at);
  const rowid = varint(page, size.next);
  const length = Number(size.value);
  if (!(length >= 0 && length <= MAX_RECORD)) throw new Error(`a record of ${length} bytes`);
  database.room -= length;
  if (database.room < 0) throw new Error('records that share their pages');
  const payload = readPayload(database, page, rowid.next, length);
  return { rowid: Number(rowid.value), values: readRecord(payload, database.encoding) };
}

/** A payload that does not fit goes on in a chain of overflow pages ("Cell Payload Overflow Pages"). */
function readPayload(database: Database, page: Buffer, at: number, length: number): Buffer {
  const { usable } = database;
  const most = usable - 35;
  const least = Math.floor(((usable - 12) * 32) / 255) - 23;
  const spill = least + ((length - least) % (usable - 4));
  const local = length <= most ? length : spill <= most ? spill : least;
  if (at + local > page.length) throw new Error('a record outside of its page');
  if (local === length) return page.subarray(at, at + length);
  const parts = [page.subarray(at, at + local)];
  let missing = length - local;
  for (let next = u32(page, at + local); missing > 0; ) {
    if (next === 0) throw new Error('a record that is cut');
    const more = pageOf(database, next);
    const part = more.subarray(4, Math.min(4 + missing, usable));
    parts.push(part);
    missing -= part.length;
    next = more.readUInt32BE(0);
  }
  return Buffer.concat(parts);
}

/** "Record Format". */
function readRecord(payload: Buffer, encoding: Database['encoding']): SqliteValue[] {
  const header = varint(payload, 0);
  const end = Number(header.value);
  const types: number[] = [];
  for (let at = header.next; at < end && types.length < MAX_COLUMNS; ) {
    const type = varint(payload, at);
    types.push(Number(type.value));
    at = type.next;
  }
  let at = end;
  return types.map((type) => {
    const bytes = bytesOf(type);
    if (at + bytes > payload.length) throw new Error('a value outside of its record');
    const value = readValue(payload.subarray(at, at + bytes), type, encoding);
    at += bytes;
    return value;
  });
}

function bytesOf(type: number): number {
  return type >= 12 ? Math.floor((type - 12) / 2) : ([0, 1, 2, 3, 4, 6, 8, 8, 0, 0, 0, 0][type] ?? 0);
}

function readValue(bytes: Buffer, type: number, encoding: Database['encoding']): SqliteValue {
  if (type === 0 || type === 10 || type === 11) return null;
  if (type === 7) return bytes.readDoubleBE(0);
  if (type === 8 || type === 9) return type - 8;
  if (type === 6) {
    const value = bytes.readBigInt64BE(0);
    return Number.isSafeInteger(Number(value)) ? Number(value) : value;
  }
  if (type < 7) return bytes.readIntBE(0, bytes.length);
  if (type % 2 === 0) return bytes;
  return encoding === 'utf16be' ? Buffer.from(bytes).swap16().toString('utf16le') : bytes.toString(encoding);
}

function varint(bytes: Buffer, at: number): { value: bigint | number; next: number } {
  let value = 0;
  for (let i = 0; i < 9; i++) {
    const byte = bytes[at + i];
    if (byte === undefined) throw new Error('a number that is cut');
    if (i === 8) return { value: BigInt.asIntN(64, (BigInt(value) << 8n) | BigInt(byte)), next: at + 9 };
    value = value * 128 + (byte & 127);
    if (byte < 128) return { value, next: at + i + 1 };
  }
  throw new Error('unreachable');
}
