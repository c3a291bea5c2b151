/** A header's values by tag (rpm, "RPM V4 Header format"); those of types that are not asked for are left out. */
export interface RpmHeader {
  text(tag: number): string | undefined;
  number(tag: number): number | undefined;
  texts(tag: number): readonly string[];
  numbers(tag: number): readonly number[];
}

/** rpm, include/rpm/rpmtag.h. */
export const RPM_TAGS = {
  sha1Header: 269,
  sha256Header: 273,
  name: 1000,
  version: 1001,
  release: 1002,
  epoch: 1003,
  summary: 1004,
  vendor: 1011,
  license: 1014,
  packager: 1015,
  url: 1020,
  arch: 1022,
  sourceRpm: 1044,
  provideNames: 1047,
  requireFlags: 1048,
  requireNames: 1049,
  dirIndexes: 1116,
  baseNames: 1117,
  dirNames: 1118,
  modularityLabel: 5096,
} as const;

const MAX_ENTRIES = 10_000;
const MAX_VALUES = 2_000_000;
const INT16 = 3;
const INT32 = 4;
const STRING = 6;
const STRING_ARRAY = 8;
const I18N_STRING = 9;

interface IndexEntry {
  readonly type: number;
  readonly offset: number;
  readonly count: number;
}

/** Reads a header as the database keeps it: without magic, two lengths, the index, the store. Throws when it is none. */
export function readRpmHeader(bytes: Uint8Array): RpmHeader {
  const blob = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  if (blob.length < 8) throw new Error('an rpm header that is cut');
  const count = blob.readUInt32BE(0);
  const storeBytes = blob.readUInt32BE(4);
  const storeAt = 8 + count * 16;
  if (count > MAX_ENTRIES || storeAt + storeBytes > blob.length) throw new Error('an rpm header that is cut');
  const store = blob.subarray(storeAt, storeAt + storeBytes);
  const index = new Map<number, IndexEntry>();
  for (let at = 8; at < storeAt; at += 16) {
    const tag = blob.readUInt32BE(at);
    const entry = {
      type: blob.readUInt32BE(at + 4),
      offset: blob.readUInt32BE(at + 8),
      count: blob.readUInt32BE(at + 12),
    };
    if (!index.has(tag)) index.set(tag, entry);
  }
  const texts = (tag: number): string[] => {
    const entry = index.get(tag);
    return entry && [STRING, STRING_ARRAY, I18N_STRING].includes(entry.type) ? stringsOf(store, entry) : [];
  };
  const numbers = (tag: number): number[] => {
    const entry = index.get(tag);
    return entry && (entry.type === INT16 || entry.type === INT32) ? numbersOf(store, entry) : [];
  };
  return { texts, numbers, text: (tag) => texts(tag)[0], number: (tag) => numbers(tag)[0] };
}

function stringsOf(store: Buffer, { type, offset, count }: IndexEntry): string[] {
  const values: string[] = [];
  const most = type === STRING ? 1 : Math.min(count, MAX_VALUES);
  for (let at = offset; at < store.length && values.length < most; ) {
    const end = store.indexOf(0, at);
    if (end < 0) break;
    values.push(store.toString('utf8', at, end));
    at = end + 1;
  }
  return values;
}

function numbersOf(store: Buffer, { type, offset, count }: IndexEntry): number[] {
  const bytes = type === INT16 ? 2 : 4;
  const there = Math.min(count, MAX_VALUES, Math.max(Math.floor((store.length - offset) / bytes), 0));
  return Array.from({ length: there }, (_, i) => store.readUIntBE(offset + i * bytes, bytes));
}
