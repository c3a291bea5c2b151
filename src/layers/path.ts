/**
 * Paths are bytes on disk and in tar, and one JavaScript string here. Bytes that are no UTF-8 become lone low
 * surrogates U+DC80–U+DCFF (as Python's `surrogateescape`), so that the bytes can always be had back.
 */

const REPLACEMENT = '\ufffd';

/** Decodes the path in `bytes[start, end)`; every byte sequence has a string, and no two share one. */
export function decodePath(bytes: Uint8Array, start = 0, end: number = bytes.length): string {
  const text = asBuffer(bytes).toString('utf8', start, end);
  // A lossless decoding has no replacement character, unless the bytes spell one out: the slow way tells.
  return text.includes(REPLACEMENT) ? decodeEscaped(bytes.subarray(start, end)) : text;
}

/** The bytes that `decodePath` made `path` of. */
export function encodePath(path: string): Uint8Array {
  return hasEscapes(path) ? encodeEscaped(path) : Buffer.from(path, 'utf8');
}

/** Whether the path holds bytes that are no UTF-8, as lone surrogates. */
export function hasEscapes(path: string): boolean {
  for (let i = 0; i < path.length; i++) {
    const unit = path.charCodeAt(i);
    if (unit < 0xd800 || unit > 0xdfff) continue;
    if (unit > 0xdbff) return true;
    i++;
  }
  return false;
}

/** The path with escapes shown as `\xNN` and control characters as `\n`, `\t` or `\xNN`: for messages. */
export function printablePath(path: string): string {
  let out = '';
  for (const character of path) {
    const code = character.codePointAt(0) as number;
    if (code >= 0xdc80 && code <= 0xdcff) out += `\\x${(code - 0xdc00).toString(16)}`;
    else if (code === 10) out += '\\n';
    else if (code === 9) out += '\\t';
    else if (code < 32 || (code >= 127 && code < 160)) out += `\\x${code.toString(16).padStart(2, '0')}`;
    else out += character;
  }
  return out;
}

/**
 * A member's name as a path inside the root: no leading `/` or `./`, no `//`, `.` or trailing `/`; `..` stops at the
 * root. Unpackers do the same in a chroot, so a name never leads out.
 */
export function normalizePath(name: string): string {
  if (isNormal(name)) return name;
  const parts: string[] = [];
  for (const part of name.split('/')) {
    if (part === '' || part === '.') continue;
    if (part === '..') parts.pop();
    else parts.push(part);
  }
  return parts.join('/');
}

/** One pass over the characters: most names need no work, or just lose a `./` or a final `/`. */
function isNormal(name: string): boolean {
  let atStart = true;
  for (let i = 0; i < name.length; i++) {
    const unit = name.charCodeAt(i);
    if (unit === 47) {
      if (atStart) return false;
      atStart = true;
    } else {
      if (atStart && unit === 46 && isDots(name, i)) return false;
      atStart = false;
    }
  }
  return !atStart || name.length === 0;
}

function isDots(name: string, at: number): boolean {
  const next = name.charCodeAt(at + 1);
  return (
    Number.isNaN(next) || next === 47 || (next === 46 && (at + 2 === name.length || name.charCodeAt(at + 2) === 47))
  );
}

function asBuffer(bytes: Uint8Array): Buffer {
  return Buffer.isBuffer(bytes) ? bytes : Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
}

function decodeEscaped(bytes: Uint8Array): string {
  let out = '';
  for (let i = 0; i < bytes.length; ) {
    const length = sequenceLength(bytes, i);
    if (length === 0) out += String.fromCharCode(0xdc00 + (bytes[i++] as number));
    else {
      out += asBuffer(bytes).toString('utf8', i, i + length);
      i += length;
    }
  }
  return out;
}

/** Length of the well-formed UTF-8 sequence at `at` (Unicode, table 3-7), or 0. */
function sequenceLength(bytes: Uint8Array, at: number): number {
  const lead = bytes[at] as number;
  if (lead < 0x80) return 1;
  const length =
    lead >= 0xc2 && lead <= 0xdf ? 2 : lead >= 0xe0 && lead <= 0xef ? 3 : lead >= 0xf0 && lead <= 0xf4 ? 4 : 0;
  if (length === 0 || at + length > bytes.length) return 0;
  const second = bytes[at + 1] as number;
  const least = lead === 0xe0 ? 0xa0 : lead === 0xf0 ? 0x90 : 0x80;
  const most = lead === 0xed ? 0x9f : lead === 0xf4 ? 0x8f : 0xbf;
  if (second < least || second > most) return 0;
  for (let i = 2; i < length; i++) if (((bytes[at + i] as number) & 0xc0) !== 0x80) return 0;
  return length;
}

function encodeEscaped(path: string): Uint8Array {
  const parts: Uint8Array[] = [];
  for (const character of path) {
    const code = character.codePointAt(0) as number;
    parts.push(code >= 0xdc80 && code <= 0xdcff ? Uint8Array.of(code - 0xdc00) : Buffer.from(character, 'utf8'));
  }
  return Buffer.concat(parts);
}
