/** Values of PHP's serialize(): arrays and objects as records; what is a number, text or null stays that. */
export type PhpValue = null | boolean | number | string | { readonly [key: string]: PhpValue };

const MAX_DEPTH = 64;

/** Reads one serialised value. Undefined when the bytes are none, or nest too deep. */
export function parsePhp(bytes: Uint8Array): PhpValue | undefined {
  const cursor = { buffer: Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength), at: 0 };
  try {
    return readValue(cursor, 0);
  } catch {
    return undefined;
  }
}

interface Cursor {
  readonly buffer: Buffer;
  at: number;
}

class Malformed extends Error {}

function readValue(cursor: Cursor, depth: number): PhpValue {
  if (depth > MAX_DEPTH) throw new Malformed('too deep');
  const type = String.fromCharCode(cursor.buffer[cursor.at] ?? 0);
  cursor.at += 2;
  if (type === 'N') return null;
  if (type === 'b') return until(cursor, ';') === '1';
  if (type === 'i' || type === 'd') return Number(until(cursor, ';'));
  if (type === 's') return readText(cursor, ';');
  if (type === 'a') return readFields(cursor, depth);
  if (type !== 'O') throw new Malformed(`type ${type}`);
  readText(cursor, ':');
  return readFields(cursor, depth);
}

/** `3:"abc";`: the length counts bytes. */
function readText(cursor: Cursor, end: string): string {
  const length = count(until(cursor, ':'));
  const text = cursor.buffer.toString('utf8', cursor.at + 1, cursor.at + 1 + length);
  cursor.at += length + 2;
  if (String.fromCharCode(cursor.buffer[cursor.at] ?? 0) !== end) throw new Malformed('a string');
  cursor.at++;
  return text;
}

/** `2:{key value key value}` */
function readFields(cursor: Cursor, depth: number): PhpValue {
  const fields = count(until(cursor, ':'));
  cursor.at++;
  // Without a prototype: keys are a file's to choose.
  const record: Record<string, PhpValue> = Object.create(null);
  for (let i = 0; i < fields; i++) {
    const key = readValue(cursor, depth + 1);
    record[String(key)] = readValue(cursor, depth + 1);
  }
  if (cursor.buffer[cursor.at] !== 0x7d) throw new Malformed('an array');
  cursor.at++;
  return record;
}

function until(cursor: Cursor, mark: string): string {
  const end = cursor.buffer.indexOf(mark, cursor.at);
  if (end < 0 || end - cursor.at > 32) throw new Malformed(`no ${mark}`);
  const text = cursor.buffer.toString('latin1', cursor.at, end);
  cursor.at = end + 1;
  return text;
}

function count(text: string): number {
  const number = Number(text);
  if (!Number.isSafeInteger(number) || number < 0) throw new Malformed('a length');
  return number;
}
