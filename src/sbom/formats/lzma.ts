/** What was unpacked; it is its own dictionary. Throws on what is over `limit` bytes. */
export class Output {
  readonly #limit: number;
  #buffer = Buffer.allocUnsafe(1 << 16);
  /** Where the dictionary begins: nothing before it is referred to. */
  #base = 0;
  length = 0;

  constructor(limit: number) {
    this.#limit = limit;
  }

  reserve(count: number): void {
    const need = this.length + count;
    if (need > this.#limit) throw new Error(`it unpacks to more than ${this.#limit} bytes`);
    if (need <= this.#buffer.length) return;
    const grown = Buffer.allocUnsafe(Math.min(Math.max(need, this.#buffer.length * 2), Math.max(this.#limit, need)));
    this.#buffer.copy(grown, 0, 0, this.length);
    this.#buffer = grown;
  }

  /** Since the dictionary began. */
  get position(): number {
    return this.length - this.#base;
  }

  forget(): void {
    this.#base = this.length;
  }

  /** The byte `distance` back; 1 is the last. */
  back(distance: number): number {
    return distance > this.position ? 0 : (this.#buffer[this.length - distance] as number);
  }

  put(byte: number): void {
    this.#buffer[this.length++] = byte;
  }

  append(bytes: Uint8Array): void {
    this.reserve(bytes.length);
    this.#buffer.set(bytes, this.length);
    this.length += bytes.length;
  }

  /** May overlap itself: what was just written is what follows. */
  repeat(distance: number, count: number): void {
    if (distance > this.position) throw new Error('an xz stream that is damaged');
    for (let i = 0; i < count; i++) {
      this.#buffer[this.length] = this.#buffer[this.length - distance] as number;
      this.length++;
    }
  }

  bytes(): Buffer {
    return this.#buffer.subarray(0, this.length);
  }
}

const HALF = 1024;
const probabilities = (count: number) => new Uint16Array(count).fill(HALF);

/** Lengths of matches: 2 to 9, to 17, to 273. */
class Lengths {
  readonly #choice = probabilities(2);
  readonly #low = probabilities(16 << 3);
  readonly #middle = probabilities(16 << 3);
  readonly #high = probabilities(256);

  read(range: Range, position: number): number {
    if (range.bit(this.#choice, 0) === 0) return 2 + range.tree(this.#low, position << 3, 3);
    if (range.bit(this.#choice, 1) === 0) return 10 + range.tree(this.#middle, position << 3, 3);
    return 18 + range.tree(this.#high, 0, 8);
  }
}

class Range {
  readonly #bytes: Uint8Array;
  #at = 5;
  #range = 0xffffffff;
  #code = 0;

  constructor(bytes: Uint8Array) {
    this.#bytes = bytes;
    for (let i = 1; i < 5; i++) this.#code = ((this.#code << 8) | (bytes[i] ?? 0)) >>> 0;
  }

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

/** LZMA (LZMA SDK, "lzma-specification.txt"). */
export class Lzma {
  readonly #output: Output;
  readonly #literalContext: number;
  readonly #literalMask: number;
  readonly #positionMask: number;
  #state = 0;
  #reps = [0, 0, 0, 0];
  #models = newModels(0);

  constructor(properties: number, output: Output) {
    if (properties >= 9 * 5 * 5) throw new Error('an xz stream that is damaged');
    this.#literalContext = properties % 9;
    this.#literalMask = (1 << (Math.floor(properties / 9) % 5)) - 1;
    this.#positionMask = (1 << Math.floor(properties / 45)) - 1;
    this.#output = output;
    if (this.#literalContext + (Math.floor(properties / 9) % 5) > 4) throw new Error('an xz stream that is damaged');
    this.resetState();
  }

  resetState(): void {
    this.#state = 0;
    this.#reps = [0, 0, 0, 0];
    this.#models = newModels(this.#literalContext + Math.round(Math.log2(this.#literalMask + 1)));
  }

  decode(packed: Uint8Array, size: number): void {
    const range = new Range(packed);
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

  #literal(range: Range): void {
    const output = this.#output;
    const before = output.back(1);
    const context =
      ((output.position & this.#literalMask) << this.#literalContext) + (before >> (8 - this.#literalContext));
    const offset = 0x300 * context;
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
  #match(range: Range, position: number): number {
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

  #distance(range: Range, length: number): number {
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
