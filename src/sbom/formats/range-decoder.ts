/* LZMA SDK, "lzma-specification.txt". */

/** Of 2048: a bit is as likely 0 as 1. */
const HALF = 1024;

/** Adaptive models, one for each bit that is told apart by what came before it. */
export function probabilities(count: number): Uint16Array {
  return new Uint16Array(count).fill(HALF);
}

/** Bits out of the packed bytes, each by the probability that its model has come to ("Range Decoder"). */
export class RangeDecoder {
  readonly #bytes: Uint8Array;
  #at = 5;
  #range = 0xffffffff;
  #code = 0;

  constructor(bytes: Uint8Array) {
    this.#bytes = bytes;
    for (let i = 1; i < 5; i++) this.#code = ((this.#code << 8) | (bytes[i] ?? 0)) >>> 0;
  }

  /** A bit by the model at `index`, which learns from it. */
  bit(models: Uint16Array, index: number): 0 | 1 {
    const model = models[index] as number;
    const bound = (this.#range >>> 11) * model;
    if (this.#code < bound) {
      this.#range = bound;
      models[index] = model + ((2048 - model) >>> 5);
      this.#fill();
      return 0;
    }
    this.#range -= bound;
    this.#code -= bound;
    models[index] = model - (model >>> 5);
    this.#fill();
    return 1;
  }

  /** Bits without a model, from the highest. */
  direct(count: number): number {
    let value = 0;
    for (let i = 0; i < count; i++) {
      this.#range >>>= 1;
      const isOne = this.#code >= this.#range;
      if (isOne) this.#code -= this.#range;
      value = value * 2 + (isOne ? 1 : 0);
      this.#fill();
    }
    return value;
  }

  /** Bits from the highest, each with the model that those before it lead to. */
  tree(models: Uint16Array, offset: number, bits: number): number {
    let node = 1;
    for (let i = 0; i < bits; i++) node = (node << 1) | this.bit(models, offset + node);
    return node - (1 << bits);
  }

  /** Bits from the lowest. */
  reverse(models: Uint16Array, offset: number, bits: number): number {
    let node = 1;
    let value = 0;
    for (let i = 0; i < bits; i++) {
      const bit = this.bit(models, offset + node);
      node = (node << 1) | bit;
      value |= bit << i;
    }
    return value;
  }

  #fill(): void {
    if (this.#range >= 0x1000000) return;
    if (this.#at >= this.#bytes.length + 5) throw new Error('an xz stream that is cut');
    this.#range = (this.#range << 8) >>> 0;
    this.#code = ((this.#code << 8) | (this.#bytes[this.#at++] ?? 0)) >>> 0;
  }
}
