import type { ByteSource } from '../../layers/byte-source.ts';
import { type Executable, sectionBytes } from './executable.ts';

const MAX_RESOURCES = 32 * 1024 * 1024;
const MAX_BLOCKS = 500;
const KEY = Buffer.from('VS_VERSION_INFO\0', 'utf16le');

/** The texts of a Windows program's version resource (VS_VERSIONINFO), by name: `ProductName`, `FileVersion` … */
export function readPeVersion(bytes: ByteSource, executable: Executable): Readonly<Record<string, string>> | undefined {
  const found = executable.format === 'pe' ? sectionBytes(bytes, executable, '.rsrc') : undefined;
  const resources = found?.subarray(0, MAX_RESOURCES);
  // The tree of resources leads to it by addresses; its key is as good a mark.
  const at = resources?.indexOf(KEY) ?? -1;
  if (!resources || at < 6) return undefined;
  const texts: Record<string, string> = {};
  let blocks = 0;
  const walk = (start: number, limit: number, depth: number): void => {
    for (let place = start; place + 6 < limit && blocks < MAX_BLOCKS; ) {
      const length = resources.readUInt16LE(place);
      if (length < 6 || place + length > limit) return;
      blocks++;
      block(place, length, depth);
      place = padded(place + length, at - 6);
    }
  };
  /** Length, length of the value, kind, key, padding, value, padding, blocks in it. */
  const block = (place: number, length: number, depth: number): void => {
    const end = place + length;
    const valueWords = resources.readUInt16LE(place + 2);
    const isText = resources.readUInt16LE(place + 4) === 1;
    let keyEnd = place + 6;
    while (keyEnd + 2 <= end && resources.readUInt16LE(keyEnd) !== 0) keyEnd += 2;
    const key = resources.toString('utf16le', place + 6, keyEnd);
    const value = padded(keyEnd + 2, at - 6);
    if (depth === 3) {
      const [text = ''] = resources.toString('utf16le', value, Math.min(value + valueWords * 2, end)).split('\0', 1);
      if (text.trim() !== '' && key.length < 100) texts[key] ??= text.trim().slice(0, 500);
      return;
    }
    walk(padded(value + (isText ? valueWords * 2 : valueWords), at - 6), end, depth + 1);
  };
  walk(at - 6, resources.length, 0);
  return Object.keys(texts).length > 0 ? texts : undefined;
}

/** Up to the next multiple of four, counted from where the resource begins. */
function padded(place: number, base: number): number {
  return base + Math.ceil((place - base) / 4) * 4;
}
