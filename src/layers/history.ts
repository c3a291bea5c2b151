import { Int32List } from './int32-list.ts';
import { NONE } from './path-trie.ts';

/** Nothing is at a path. */
export const ABSENT = -1;
/** A directory is at a path, and no entry names it. */
export const IMPLIED = -2;
/** What a path holds: the number of an inode, or ABSENT or IMPLIED. */
export type State = number;

/** Plain data of a `History`. */
export interface HistoryColumns {
  readonly latest: Int32Array;
  readonly versions: Int32Array;
}

/**
 * What was at each path after which layer. A path has one version for each layer that touched it, so any lower view
 * of the tree can be read without keeping a copy, and the versions of one layer are the paths it touched.
 */
export class History {
  /** By path: its latest version, or NONE. */
  readonly #latest: Int32List;
  /** Four numbers each: node, layer, state, and the version before, or NONE. Side by side, as they are read together. */
  #versions: Int32Array;
  #length = 0;

  /** @param start about how many versions there will be, or the columns of another one */
  constructor(start: number | HistoryColumns) {
    if (typeof start === 'number') {
      this.#latest = new Int32List(start);
      this.#versions = new Int32Array(4 * Math.max(1024, start));
    } else {
      this.#latest = new Int32List(start.latest);
      this.#versions = start.versions;
      this.#length = start.versions.length / 4;
    }
  }

  /** All there is to say, to be kept. */
  columns(): HistoryColumns {
    return { latest: this.#latest.view(), versions: this.#versions.subarray(0, 4 * this.#length) };
  }

  /** Makes room for so many paths and versions. */
  reserve(count: number): void {
    this.#latest.reserve(count);
    if (4 * count > this.#versions.length) this.#grow(count);
  }

  /** Number of versions; those that a layer makes are consecutive. */
  get length(): number {
    return this.#length;
  }

  /** The state of a path now. */
  now(node: number): State {
    const version = this.#version(node);
    return version === NONE ? ABSENT : this.state(version);
  }

  /** The state of a path after `layer`. */
  after(layer: number, node: number): State {
    const version = this.#upTo(layer, node);
    return version === NONE ? ABSENT : this.state(version);
  }

  /** 1-based layer since which the path, present after `layer`, has been there without a break. */
  since(layer: number, node: number): number {
    let version = this.#upTo(layer, node);
    let since = layer;
    while (version !== NONE && this.state(version) !== ABSENT) {
      since = this.#layer(version);
      version = this.#earlier(version);
    }
    return since;
  }

  /** 1-based layer that last touched the path, as of `layer`. */
  touched(layer: number, node: number): number {
    const version = this.#upTo(layer, node);
    return version === NONE ? 0 : this.#layer(version);
  }

  /** Says what a path holds from `layer` on, which is the newest layer so far. */
  record(layer: number, node: number, state: State): void {
    this.#latest.reach(node + 1, NONE);
    const earlier = this.#latest.get(node);
    if (earlier !== NONE && this.#layer(earlier) === layer) {
      this.#versions[4 * earlier + 2] = state;
      return;
    }
    const at = 4 * this.#length;
    if (at === this.#versions.length) this.#grow(this.#length + 1024);
    this.#versions[at] = node;
    this.#versions[at + 1] = layer;
    this.#versions[at + 2] = state;
    this.#versions[at + 3] = earlier;
    this.#latest.set(node, this.#length++);
  }

  node(version: number): number {
    return this.#versions[4 * version] as number;
  }

  state(version: number): State {
    return this.#versions[4 * version + 2] as number;
  }

  /** What the path held before the layer of this version. */
  before(version: number): State {
    const earlier = this.#earlier(version);
    return earlier === NONE ? ABSENT : this.state(earlier);
  }

  #version(node: number): number {
    return node < this.#latest.length ? this.#latest.get(node) : NONE;
  }

  #upTo(layer: number, node: number): number {
    let version = this.#version(node);
    while (version !== NONE && this.#layer(version) > layer) version = this.#earlier(version);
    return version;
  }

  #layer(version: number): number {
    return this.#versions[4 * version + 1] as number;
  }

  #earlier(version: number): number {
    return this.#versions[4 * version + 3] as number;
  }

  #grow(count: number): void {
    const grown = new Int32Array(Math.max(4 * count, this.#versions.length + (this.#versions.length >> 3) * 4));
    grown.set(this.#versions);
    this.#versions = grown;
  }
}
