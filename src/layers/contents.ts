import type { BodyPairs, BodyPlace, ContentOf } from './image-tree.ts';
import { Int32List } from './int32-list.ts';
import type { LayerRecord } from './record.ts';

/** Plain data, to be kept: three numbers for each body, its layer, its index and what stands for its content. */
export interface ContentsData {
  readonly places: Int32Array;
  readonly same: Int32Array;
  readonly digests: readonly (readonly [number, string])[];
}

const NOTHING: ContentsData = { places: new Int32Array(0), same: new Int32Array(0), digests: [] };

export function lengthsOf(records: readonly LayerRecord[]): number[] {
  return records.map(({ entries }) => entries.length);
}

/** What bodies hold: a digest, or a number that stands for all that were found to be the same. */
export class Contents {
  /** By layer and index: the number of a content, plus 1; columns are made where something is known. */
  readonly #numbers: (Int32Array | undefined)[];
  readonly #lengths: readonly number[];
  /** By number: the one that stands for it, or itself. */
  readonly #same = new Int32List();
  readonly #digests: Map<number, string>;

  /** @param lengths of the tables of all layers */
  constructor(lengths: readonly number[], { places, same, digests }: ContentsData = NOTHING) {
    this.#numbers = lengths.map(() => undefined);
    this.#lengths = lengths;
    this.#digests = new Map(digests);
    for (const number of same) this.#same.push(number);
    for (let i = 0; i < places.length; i += 3) {
      this.#column(places[i] as number)[places[i + 1] as number] = (places[i + 2] as number) + 1;
    }
  }

  readonly of: ContentOf = (place) => {
    const number = this.#numbers[place.layer - 1]?.[place.index] ?? 0;
    if (number === 0) return undefined;
    const first = this.#first(number - 1);
    return this.#digests.get(first) ?? first;
  };

  set(place: BodyPlace, digest: string): void {
    this.#digests.set(this.#number(place.layer, place.index), digest);
  }

  /** States that the two bodies of the pair at `at` were compared. */
  pair(pairs: BodyPairs, at: number, isSame: boolean): void {
    const older = this.#first(this.#number(pairs[at] as number, pairs[at + 1] as number));
    const newer = this.#first(this.#number(pairs[at + 2] as number, pairs[at + 3] as number));
    if (isSame) this.#same.set(newer, older);
  }

  data(): ContentsData {
    const places = new Int32List();
    for (const [i, numbers] of this.#numbers.entries()) {
      if (!numbers) continue;
      for (let index = 0; index < numbers.length; index++) {
        if (numbers[index] === 0) continue;
        places.push(i + 1);
        places.push(index);
        places.push((numbers[index] as number) - 1);
      }
    }
    return { places: places.view().slice(), same: this.#same.view().slice(), digests: [...this.#digests] };
  }

  #number(layer: number, index: number): number {
    const numbers = this.#column(layer);
    const known = numbers[index] as number;
    if (known !== 0) return known - 1;
    const number = this.#same.push(this.#same.length);
    numbers[index] = number + 1;
    return number;
  }

  #column(layer: number): Int32Array {
    const known = this.#numbers[layer - 1];
    if (known) return known;
    const column = new Int32Array(this.#lengths[layer - 1] ?? 0);
    this.#numbers[layer - 1] = column;
    return column;
  }

  #first(number: number): number {
    let first = number;
    for (let next = this.#same.get(first); next !== first; next = this.#same.get(first)) first = next;
    if (first !== number) this.#same.set(number, first);
    return first;
  }
}
