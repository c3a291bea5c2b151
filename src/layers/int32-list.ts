/**
 * A growing list of 32-bit integers: 4 bytes an element, where an array of numbers takes 8 and boxes the large ones. Room
 * that is not used takes no memory: pages come when they are written to.
 */
export class Int32List {
  length = 0;
  #items: Int32Array;

  constructor(capacity = 1024) {
    this.#items = new Int32Array(capacity);
  }

  /** Appends and returns the index. */
  push(value: number): number {
    if (this.length === this.#items.length) {
      const grown = new Int32Array(this.#items.length + (this.#items.length >> 1) + 16);
      grown.set(this.#items);
      this.#items = grown;
    }
    this.#items[this.length] = value;
    return this.length++;
  }

  /** The element; `index` must be in 0…length-1. */
  get(index: number): number {
    return this.#items[index] as number;
  }

  set(index: number, value: number): void {
    this.#items[index] = value;
  }
}
