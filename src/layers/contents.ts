import type { BodyPair, BodyPlace, ContentOf } from './image-tree.ts';
import { Int32List } from './int32-list.ts';

/** Plain data, to be kept: three numbers for each body, its layer, its index and what stands for its content. */
export interface ContentsData {
  readonly places: Int32Array;
  readonly same: Int32Array;
  readonly digests: readonly (readonly [number, string])[];
}

const NOTHING: ContentsData = { places: new Int32Array(0), same: new Int32Array(0), digests: [] };

/** What bodies hold: a digest, or a number that stands for all that were found to be the same. */
export class Contents {
  /** By 1-based layer and index: the number of a content. */
  readonly #numbers: readonly Map<number, number>[];
  /** By number: the one that stands for it, or itself. */
  readonly #same = new Int32List();
  readonly #digests: Map<number, string>;

  constructor(layers: number, { places, same, digests }: ContentsData = NOTHING) {
    this.#numbers = Array.from({ length: layers }, () => new Map());
    this.#digests = new Map(digests);
    for (const number of same) this.#same.push(number);
    for (let i = 0; i < places.length; i += 3) {
      this.#numbers[(places[i] as number) - 1]?.set(places[i + 1] as number, places[i + 2] as number);
    }
  }

  readonly of: ContentOf = (place) => {
    const number = this.#numbers[place.layer - 1]?.get(place.index);
    if (number === undefined) return undefined;
    const first = this.#first(number);
    return this.#digests.get(first) ?? first;
  };

  set(place: BodyPlace, digest: string): void {
    this.#digests.set(this.#number(place), digest);
  }

  /** States that two bodies were compared. */
  pair({ before, after }: BodyPair, isSame: boolean): void {
    const older = this.#first(this.#number(before));
    const newer = this.#first(this.#number(after));
    if (isSame) this.#same.set(newer, older);
  }

  data(): ContentsData {
    const places = this.#numbers.flatMap((numbers, i) =>
      [...numbers].flatMap(([index, number]) => [i + 1, index, number]),
    );
    const same = Int32Array.from({ length: this.#same.length }, (_, i) => this.#same.get(i));
    return { places: Int32Array.from(places), same, digests: [...this.#digests] };
  }

  #number({ layer, index }: BodyPlace): number {
    const numbers = this.#numbers[layer - 1] as Map<number, number>;
    const known = numbers.get(index);
    if (known !== undefined) return known;
    const number = this.#same.push(this.#same.length);
    numbers.set(index, number);
    return number;
  }

  #first(number: number): number {
    let first = number;
    for (let next = this.#same.get(first); next !== first; next = this.#same.get(first)) first = next;
    if (first !== number) this.#same.set(number, first);
    return first;
  }
}
