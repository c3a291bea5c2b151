/**
 * A list that never changes: to set one place makes another list, which shares all but a few nodes with this one (a
 * tree of 16 branches per node, as tall as the largest place asks for). Places may be empty.
 */
export class PersistentList<T extends object> {
  readonly #root: Node<T>;
  /** Bits of a place that the root's branches do not tell apart. */
  readonly #shift: number;

  private constructor(root: Node<T>, shift: number) {
    this.#root = root;
    this.#shift = shift;
  }

  static empty<T extends object>(): PersistentList<T> {
    return new PersistentList<T>([], 0);
  }

  /** `place` is a whole number from 0 to 2³¹ - 1. */
  get(place: number): T | undefined {
    if (place >>> this.#shift >= branches) return undefined;
    let node: Node<T> | undefined = this.#root;
    for (let shift = this.#shift; shift > 0 && node; shift -= bits) {
      node = node[(place >>> shift) % branches] as Node<T> | undefined;
    }
    return node?.[place % branches] as T | undefined;
  }

  with(place: number, value: T): PersistentList<T> {
    let root = this.#root;
    let shift = this.#shift;
    for (; place >>> shift >= branches; shift += bits) root = [root];
    return new PersistentList(replaced(root, shift, place, value), shift);
  }
}

type Node<T> = readonly (Node<T> | T | undefined)[];

const bits = 4;
const branches = 1 << bits;

function replaced<T>(node: Node<T>, shift: number, place: number, value: T): Node<T> {
  const branch = (place >>> shift) % branches;
  const copy = node.slice();
  while (copy.length < branch) copy.push(undefined);
  copy[branch] =
    shift === 0 ? value : replaced((node[branch] as Node<T> | undefined) ?? [], shift - bits, place, value);
  return copy;
}
