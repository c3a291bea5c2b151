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

  /** Makes room for `count` bytes more. */
  reserve(count: number): void {
    const need = this.length + count;
    if (need > this.#limit) throw new Error(`it unpacks to more than ${this.#limit} bytes`);
    if (need <= this.#buffer.length) return;
    const grown = Buffer.allocUnsafe(Math.min(Math.max(need, this.#buffer.length * 2), Math.max(this.#limit, need)));
    this.#buffer.copy(grown, 0, 0, this.length);
    this.#buffer = grown;
  }

  /** Bytes since the dictionary began. */
  get position(): number {
    return this.length - this.#base;
  }

  /** Begins the dictionary anew. */
  forget(): void {
    this.#base = this.length;
  }

  /** The byte `distance` back; 1 is the last. */
  back(distance: number): number {
    return distance > this.position ? 0 : (this.#buffer[this.length - distance] as number);
  }

  /** There has to be room for it. */
  put(byte: number): void {
    this.#buffer[this.length++] = byte;
  }

  append(bytes: Uint8Array): void {
    this.reserve(bytes.length);
    this.#buffer.set(bytes, this.length);
    this.length += bytes.length;
  }

  /** There has to be room. May overlap itself: what was just written is what follows. */
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
