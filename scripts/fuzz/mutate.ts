import { signed } from '../../test/support/hostile.ts';
import type { Random } from './random.ts';

const BLOCK = 512;
/** Where the fields of a tar header lie, and how long they are. */
const FIELDS = [
  ...[
    [0, 100],
    [100, 8],
    [108, 8],
    [116, 8],
    [124, 12],
    [136, 12],
    [156, 1],
    [157, 100],
    [257, 8],
    [329, 8],
  ],
  ...[
    [345, 155],
    [482, 1],
  ],
] as const;
const NUMBERS = ['77777777777', '-1', '99999999999', ' 12 ', '', '0000001000', '4000000000', 'x'];
const NAMES = [
  '..',
  '/',
  '../../etc/passwd',
  '.wh.',
  '.wh..wh..opq',
  'etc/.wh.passwd',
  'a/../..',
  './',
  'manifest.json',
];
const JUNK: readonly unknown[] = [
  ...[null, true, -1, 1e308, 0.5, '', 'x', '../../etc/passwd', '\u0000', '\u001b[31m', [], {}, [[]], 'sha256:'],
  ...[`sha256:${'0'.repeat(64)}`, 'x'.repeat(5000), Array.from({ length: 2000 }, () => ({})), 2 ** 53],
];

/** Bytes as chance and damage change them. */
export function mutateBytes(bytes: Buffer, random: Random): Buffer {
  const at = random.below(bytes.length + 1);
  const length = random.below(random.pick([4, 64, 700, 5000]));
  switch (random.below(8)) {
    case 0:
      return bytes.subarray(0, at);
    case 1:
      return Buffer.concat([bytes.subarray(0, at), bytes.subarray(at + length)]);
    case 2:
      return Buffer.concat([bytes.subarray(0, at), bytes.subarray(Math.max(0, at - length))]);
    case 3: {
      const from = random.below(bytes.length + 1);
      return Buffer.concat([bytes.subarray(0, at), bytes.subarray(from, from + length), bytes.subarray(at)]);
    }
    case 4: {
      const changed = Buffer.from(bytes);
      changed.fill(random.pick([0, 0xff, 0x80, 0x20]), at, Math.min(at + length, changed.length));
      return changed;
    }
    default: {
      const changed = Buffer.from(bytes);
      for (let i = random.below(8); i >= 0 && changed.length > 0; i--) {
        const place = random.below(changed.length);
        changed[place] =
          random.below(2) === 0 ? random.below(256) : (changed[place] as number) ^ (1 << random.below(8));
      }
      return changed;
    }
  }
}

/** A tar whose headers say something else, with good checksums. */
export function mutateTar(tar: Buffer, random: Random): Buffer {
  const changed = Buffer.from(tar);
  const headers = headersOf(changed);
  for (let i = random.below(3); i >= 0 && headers.length > 0; i--) {
    const at = random.pick(headers);
    const [place, length] = random.pick(FIELDS);
    const field = changed.subarray(at + place, at + place + length);
    const value = fieldValue(length, random);
    field.fill(0);
    value.copy(field);
    signed(changed.subarray(at, at + BLOCK));
  }
  return changed;
}

function fieldValue(length: number, random: Random): Buffer {
  if (length === 1) return Buffer.from([random.pick([...Buffer.from('01234567xgLKSDVMN\0A')])]);
  if (random.below(4) === 0) return Buffer.from(Array.from({ length }, () => random.below(256)));
  if (length <= 12 && random.below(3) === 0) {
    return Buffer.concat([Buffer.from([random.pick([0x80, 0xff])]), Buffer.alloc(length - 1, random.below(256))]);
  }
  return Buffer.from(random.pick(length <= 12 ? NUMBERS : NAMES));
}

/** Blocks that look like headers. */
function headersOf(tar: Buffer): number[] {
  const found: number[] = [];
  for (let at = 0; at + BLOCK <= tar.length; at += BLOCK) {
    if (tar.toString('latin1', at + 257, at + 262) === 'ustar') found.push(at);
  }
  return found;
}

/** A document with one of its values replaced, repeated or gone. */
export function mutateJson(text: string, random: Random): string {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    return text;
  }
  const holders: object[] = [];
  const walk = (item: unknown): void => {
    if (typeof item !== 'object' || item === null) return;
    holders.push(item);
    for (const inner of Object.values(item)) walk(inner);
  };
  walk(value);
  if (holders.length === 0 || random.below(20) === 0) return JSON.stringify(random.pick(JUNK)) ?? '';
  for (let i = random.below(3); i >= 0; i--) change(random.pick(holders) as Record<string, unknown>, random);
  return JSON.stringify(value);
}

function change(holder: Record<string, unknown>, random: Random): void {
  const keys = Object.keys(holder);
  if (keys.length === 0) return;
  const key = random.pick(keys);
  const kind = random.below(5);
  if (kind === 0 && !Array.isArray(holder)) delete holder[key];
  else if (kind === 1 && Array.isArray(holder)) holder.push(holder[Number(key)]);
  else if (kind === 2) holder[key] = [holder[key]];
  else holder[key] = random.pick(JUNK);
}
