/**
 * A growing list of 32-bit integers: 4 bytes an element, where an array of numbers takes 8 and boxes the large ones. Room
 * that is not used takes no memory: pages come when they are written to.
 */
export class Int32List {
  length: number;
  #items: Int32Array;

  /** @param start the room there is at first, in elements, or what the list begins with */
  constructor(start: number | Int32Array = 1024) {
    this.length = typeof start === 'number' ? 0 : start.length;
    this.#items = typeof start === 'number' ? new Int32Array(start) : start;
  }

  /** Makes room for so many elements at once: growing step by step leaves smaller copies behind. */
  reserve(capacity: number): void {
    if (capacity > this.#items.length) this.#grow(Math.max(capacity, this.#items.length + (this.#items.length >> 1)));
  }

  /** Appends and returns the index. */
  push(value: number): number {
    if (this.length === this.#items.length) this.#grow(this.length + (this.length >> 1) + 16);
    this.#items[this.length] = value;
    return this.length++;
  }

  /** Appends `value` until the list has at least `length` elements. */
  reach(length: number, value: number): void {
    this.reserve(length);
    const items = this.#items;
    for (; this.length < length; this.length++) items[this.length] = value;
  }

  /** All elements, as long as the list does not grow. */
  view(): Int32Array {
    return this.#items.subarray(0, this.length);
  }

  /** The element; `index` must be in 0…length-1. */
  get(index: number): number {
    return this.#items[index] as number;
  }

  set(index: number, value: number): void {
    this.#items[index] = value;
  }

  #grow(capacity: number): void {
    const grown = new Int32Array(capacity);
    grown.set(this.#items);
    this.#items = grown;
  }
}
