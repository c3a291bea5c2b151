import type { Output } from './lzma-output.ts';
import { probabilities, RangeDecoder } from './range-decoder.ts';

/** Lengths of matches: 2 to 9, to 17, to 273. */
class Lengths {
  readonly #choice = probabilities(2);
  readonly #low = probabilities(16 << 3);
  readonly #middle = probabilities(16 << 3);
  readonly #high = probabilities(256);

  read(range: RangeDecoder, position: number): number {
    if (range.bit(this.#choice, 0) === 0) return 2 + range.tree(this.#low, position << 3, 3);
    if (range.bit(this.#choice, 1) === 0) return 10 + range.tree(this.#middle, position << 3, 3);
    return 18 + range.tree(this.#high, 0, 8);
  }
}

/**
 * LZMA (LZMA SDK, "lzma-specification.txt"): `properties` is the byte with lc, lp and pb. What is damaged throws, or comes
 * out wrong.
 */
export class Lzma {
  readonly #output: Output;
  readonly #literalContext: number;
  readonly #literalPosition: number;
  readonly #positionMask: number;
  #state = 0;
  #reps = [0, 0, 0, 0];
  #models = newModels(0);

  constructor(properties: number, output: Output) {
    if (properties >= 9 * 5 * 5) throw new Error('an xz stream that is damaged');
    this.#literalContext = properties % 9;
    this.#literalPosition = Math.floor(properties / 9) % 5;
    this.#positionMask = (1 << Math.floor(properties / 45)) - 1;
    this.#output = output;
    if (this.#literalContext + this.#literalPosition > 4) throw new Error('an xz stream that is damaged');
    this.resetState();
  }

  /** As at the beginning, with the same properties. */
  resetState(): void {
    this.#state = 0;
    this.#reps = [0, 0, 0, 0];
    this.#models = newModels(this.#literalContext + this.#literalPosition);
  }

  /** Unpacks one chunk; there has to be room for its `size` bytes. */
  decode(packed: Uint8Array, size: number): void {
    const range = new RangeDecoder(packed);
    const output = this.#output;
    const end = output.length + size;
    while (output.length < end) {
      const position = output.position & this.#positionMask;
      const m = this.#models;
      if (range.bit(m.isMatch, (this.#state << 4) + position) === 0) {
        this.#literal(range);
        continue;
      }
      const length = this.#match(range, position);
      if (length > end - output.length) throw new Error('an xz stream that is damaged');
      output.repeat((this.#reps[0] as number) + 1, length);
    }
  }

  #literal(range: RangeDecoder): void {
    const output = this.#output;
    const before = output.back(1);
    const position = output.position & ((1 << this.#literalPosition) - 1);
    const offset = 0x300 * ((position << this.#literalContext) + (before >> (8 - this.#literalContext)));
    let symbol = 1;
    if (this.#state >= 7) {
      let match = output.back((this.#reps[0] as number) + 1);
      while (symbol < 0x100) {
        const matchBit = (match >> 7) & 1;
        match <<= 1;
        const bit = range.bit(this.#models.literal, offset + ((1 + matchBit) << 8) + symbol);
        symbol = (symbol << 1) | bit;
        if (matchBit !== bit) break;
      }
    }
    while (symbol < 0x100) symbol = (symbol << 1) | range.bit(this.#models.literal, offset + symbol);
    output.put(symbol & 0xff);
    this.#state = this.#state < 4 ? 0 : this.#state < 10 ? this.#state - 3 : this.#state - 6;
  }

  /** Sets the distance, gives the length. */
  #match(range: RangeDecoder, position: number): number {
    const m = this.#models;
    const state = this.#state;
    if (range.bit(m.isRep, state) === 0) {
      this.#reps = [0, ...this.#reps.slice(0, 3)];
      const length = m.lengths.read(range, position);
      this.#state = state < 7 ? 7 : 10;
      this.#reps[0] = this.#distance(range, length);
      return length;
    }
    if (range.bit(m.isRep0, state) === 0) {
      if (range.bit(m.isRep0Long, (state << 4) + position) === 0) {
        this.#state = state < 7 ? 9 : 11;
        return 1;
      }
    } else {
      const which = range.bit(m.isRep1, state) === 0 ? 1 : range.bit(m.isRep2, state) === 0 ? 2 : 3;
      const [distance = 0] = this.#reps.splice(which, 1);
      this.#reps.unshift(distance);
    }
    this.#state = state < 7 ? 8 : 11;
    return m.repLengths.read(range, position);
  }

  #distance(range: RangeDecoder, length: number): number {
    const m = this.#models;
    const slot = range.tree(m.slots, Math.min(length - 2, 3) << 6, 6);
    if (slot < 4) return slot;
    const bits = (slot >> 1) - 1;
    const base = (2 | (slot & 1)) * 2 ** bits;
    if (slot < 14) return base + range.reverse(m.special, base - slot, bits);
    return base + range.direct(bits - 4) * 16 + range.reverse(m.align, 0, 4);
  }
}

function newModels(literalBits: number) {
  return {
    literal: probabilities(0x300 << literalBits),
    isMatch: probabilities(12 << 4),
    isRep: probabilities(12),
    isRep0: probabilities(12),
    isRep1: probabilities(12),
    isRep2: probabilities(12),
    isRep0Long: probabilities(12 << 4),
    slots: probabilities(4 << 6),
    special: probabilities(128),
    align: probabilities(16),
    lengths: new Lengths(),
    repLengths: new Lengths(),
  };
}
