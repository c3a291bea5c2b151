import { Int32List } from './int32-list.ts';
import { NONE } from './path-trie.ts';

/** Which paths exist in which directory just now: doubly linked lists, so that adding, dropping and walking cost no more than what is there. */
export class Siblings {
  /** Three numbers for each path: its first child, the sibling after it and the one before it. */
  readonly #links: Int32List;

  /** @param start about how many paths there will be, or the columns of others */
  constructor(start: number | Int32Array) {
    this.#links = new Int32List(typeof start === 'number' ? 3 * start : start);
  }

  /** All there is to say, to be kept. */
  columns(): Int32Array {
    return this.#links.view();
  }

  /** Makes room for so many paths. */
  reserve(paths: number): void {
    this.#links.reserve(3 * paths);
  }

  /** A child of `parent`, or NONE. */
  first(parent: number): number {
    return 3 * parent < this.#links.length ? this.#links.get(3 * parent) : NONE;
  }

  /** The sibling after `node`, or NONE. */
  next(node: number): number {
    return this.#links.get(3 * node + 1);
  }

  add(parent: number, node: number): void {
    const links = this.#links;
    links.reach(3 * Math.max(parent, node) + 3, NONE);
    const first = links.get(3 * parent);
    links.set(3 * node + 1, first);
    links.set(3 * node + 2, NONE);
    if (first !== NONE) links.set(3 * first + 2, node);
    links.set(3 * parent, node);
  }

  drop(parent: number, node: number): void {
    const links = this.#links;
    const next = links.get(3 * node + 1);
    const previous = links.get(3 * node + 2);
    links.set(previous === NONE ? 3 * parent : 3 * previous + 1, next);
    if (next !== NONE) links.set(3 * next + 2, previous);
  }
}
