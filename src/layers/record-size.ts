import { DlintError } from '../errors.ts';
import { transferables } from './entry-table.ts';
import { LIMITS, type Limits, raise } from './limits.ts';
import type { LayerRecord } from './record.ts';

/** What an extended attribute or another rare field takes besides its text. */
const EXTRA_BYTES = 64;
/** Of a fact: those of readers are flat. */
const MAX_DEPTH = 16;

/**
 * Counts what the records of one image take while they come in: each is bounded by itself, but an image may have a
 * thousand, or one a thousand times.
 */
export class RecordBudget {
  readonly #where: string;
  readonly #limits: Limits;
  #entries = 0;
  #bytes = 0;

  constructor(where: string, limits: Limits = LIMITS) {
    this.#where = where;
    this.#limits = limits;
  }

  /** Throws `E_LIMIT`. */
  take(record: LayerRecord): void {
    const { imageEntries, recordBytes } = this.#limits;
    this.#entries += record.entries.length;
    this.#bytes += sizeOf(record);
    if (this.#entries > imageEntries)
      throw this.#error('imageEntries', `more than ${imageEntries} entries in its layers`);
    if (this.#bytes > recordBytes)
      throw this.#error('recordBytes', `more than ${recordBytes} bytes to keep of its layers`);
  }

  #error(bound: keyof Limits, message: string): DlintError {
    return new DlintError('E_LIMIT', message, { where: this.#where, hint: raise(bound, this.#limits) });
  }
}

/** About so many bytes. */
function sizeOf({ entries, facts }: LayerRecord): number {
  const columns = entries.columns();
  let bytes = 0;
  for (const { byteLength } of transferables(columns)) bytes += byteLength;
  for (const [, { xattrs }] of columns.extras) {
    for (const [name, value] of Object.entries(xattrs ?? {})) bytes += name.length + value.length + EXTRA_BYTES;
  }
  for (const fact of Object.values(facts).flat()) bytes += bytesIn(fact);
  return bytes;
}

/** About the bytes of a fact: plain data, of which buffers and texts are most. */
function bytesIn(fact: unknown, depth = 0): number {
  if (typeof fact === 'string') return fact.length + EXTRA_BYTES;
  if (typeof fact !== 'object' || fact === null || depth > MAX_DEPTH) return 0;
  if (ArrayBuffer.isView(fact)) return fact.byteLength + EXTRA_BYTES;
  let bytes = EXTRA_BYTES;
  for (const value of Object.values(fact)) bytes += bytesIn(value, depth + 1);
  return bytes;
}
