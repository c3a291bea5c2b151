import { decodePath } from './path.ts';

/** What pax extended headers say about a member (POSIX pax "pax Extended Header"; star, GNU tar and libarchive keys). */
export interface PaxFields {
  path?: string;
  link?: string;
  size?: number;
  mtime?: number;
  uid?: number;
  gid?: number;
  major?: number;
  minor?: number;
  /** Values are latin1 strings, one character a byte. */
  xattrs?: Record<string, string>;
  /** The body is packed: only what is not a hole. Bytes of the file when unpacked, where stated. */
  sparseSize?: number;
  isSparse?: boolean;
}

/**
 * Reads the records `LENGTH KEY=VALUE\n` of an extended header into `fields`; LENGTH counts the whole record, so that
 * values may hold any byte. Returns false when a record is malformed.
 */
export function decodePax(bytes: Buffer, fields: PaxFields): boolean {
  let at = 0;
  while (at < bytes.length) {
    if (bytes[at] === 0) return true;
    const space = bytes.indexOf(32, at);
    if (space < 0 || space - at > 10) return false;
    const length = decodeLength(bytes, at, space);
    const end = at + length;
    const equals = bytes.indexOf(61, space);
    if (!(length > 0) || end > bytes.length || equals < 0 || equals >= end || bytes[end - 1] !== 10) return false;
    decodeRecord(bytes.toString('latin1', space + 1, equals), bytes.subarray(equals + 1, end - 1), fields);
    at = end;
  }
  return true;
}

/** Fields of this member over the global ones. */
export function mergePax(global: PaxFields, own: PaxFields): PaxFields {
  const xattrs = global.xattrs || own.xattrs ? { ...global.xattrs, ...own.xattrs } : undefined;
  return { ...global, ...own, ...(xattrs && { xattrs }) };
}

function decodeLength(bytes: Buffer, start: number, end: number): number {
  let value = 0;
  for (let i = start; i < end; i++) {
    const digit = (bytes[i] as number) - 48;
    if (digit < 0 || digit > 9) return Number.NaN;
    value = value * 10 + digit;
  }
  return value;
}

const SCHILY_XATTR = 'SCHILY.xattr.';
const LIBARCHIVE_XATTR = 'LIBARCHIVE.xattr.';

function decodeRecord(key: string, value: Buffer, fields: PaxFields): void {
  if (key.startsWith(SCHILY_XATTR)) setXattr(fields, key.slice(SCHILY_XATTR.length), value.toString('latin1'));
  else if (key.startsWith(LIBARCHIVE_XATTR)) setEncodedXattr(fields, key.slice(LIBARCHIVE_XATTR.length), value);
  else if (value.length === 0)
    return; // an empty value takes the record back: the ustar field counts
  else if (key.startsWith('GNU.sparse.')) decodeSparse(key, value, fields);
  else decodeField(key, value, fields);
}

function decodeField(key: string, value: Buffer, fields: PaxFields): void {
  switch (key) {
    case 'path':
      fields.path = decodePath(value);
      break;
    case 'linkpath':
      fields.link = decodePath(value);
      break;
    case 'size':
      fields.size = decodeDecimal(value);
      break;
    case 'mtime':
      fields.mtime = decodeDecimal(value);
      break;
    case 'uid':
      fields.uid = decodeDecimal(value);
      break;
    case 'gid':
      fields.gid = decodeDecimal(value);
      break;
    case 'SCHILY.devmajor':
      fields.major = decodeDecimal(value);
      break;
    case 'SCHILY.devminor':
      fields.minor = decodeDecimal(value);
      break;
  }
}

/** GNU tar manual, "Storing Sparse Files": 0.0 and 0.1 call the size `size`, 1.0 calls it `realsize`. */
function decodeSparse(key: string, value: Buffer, fields: PaxFields): void {
  fields.isSparse = true;
  if (key === 'GNU.sparse.name') fields.path = decodePath(value);
  else if (key === 'GNU.sparse.size' || key === 'GNU.sparse.realsize') fields.sparseSize = decodeDecimal(value);
}

function setXattr(fields: PaxFields, name: string, value: string): void {
  fields.xattrs ??= {};
  fields.xattrs[name] = value;
}

/** libarchive writes both forms; star's says the bytes as they are and wins. */
function setEncodedXattr(fields: PaxFields, key: string, value: Buffer): void {
  const name = decodePercent(key);
  if (fields.xattrs && Object.hasOwn(fields.xattrs, name)) return;
  setXattr(fields, name, Buffer.from(value.toString('latin1'), 'base64').toString('latin1'));
}

function decodePercent(text: string): string {
  return text.replace(/%([0-9A-Fa-f]{2})/g, (_, hex: string) => String.fromCharCode(Number.parseInt(hex, 16)));
}

function decodeDecimal(value: Buffer): number {
  const text = value.toString('latin1');
  return /^[-+]?\d+(\.\d*)?$/.test(text) ? Number(text) : Number.NaN;
}
