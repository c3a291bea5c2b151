import { Int32List } from './int32-list.ts';
import { NONE } from './path-trie.ts';

/** Which paths exist in which directory just now: doubly linked lists, so that adding, dropping and walking cost no more than what is there. */
export class Siblings {
  readonly #first: Int32List;
  readonly #next: Int32List;
  readonly #previous: Int32List;

  /** @param expected about how many paths there will be */
  constructor(expected = 0) {
    this.#first = new Int32List(expected);
    this.#next = new Int32List(expected);
    this.#previous = new Int32List(expected);
  }

  /** A child of `parent`, or NONE. */
  first(parent: number): number {
    return parent < this.#first.length ? this.#first.get(parent) : NONE;
  }

  /** The sibling after `node`, or NONE. */
  next(node: number): number {
    return this.#next.get(node);
  }

  add(parent: number, node: number): void {
    this.#reach(Math.max(parent, node));
    const first = this.#first.get(parent);
    this.#next.set(node, first);
    this.#previous.set(node, NONE);
    if (first !== NONE) this.#previous.set(first, node);
    this.#first.set(parent, node);
  }

  drop(parent: number, node: number): void {
    const next = this.#next.get(node);
    const previous = this.#previous.get(node);
    if (previous === NONE) this.#first.set(parent, next);
    else this.#next.set(previous, next);
    if (next !== NONE) this.#previous.set(next, previous);
  }

  #reach(node: number): void {
    while (this.#first.length <= node) {
      this.#first.push(NONE);
      this.#next.push(NONE);
      this.#previous.push(NONE);
    }
  }
}
