import { Int32List } from './int32-list.ts';
import { NONE } from './path-trie.ts';

/** Nothing is at a path. */
export const ABSENT = -1;
/** A directory is at a path, and no entry names it. */
export const IMPLIED = -2;
/** What a path holds: the number of an inode, or ABSENT or IMPLIED. */
export type State = number;

/**
 * What was at each path after which layer. A path has one version for each layer that touched it, so any lower view
 * of the tree can be read without keeping a copy, and the versions of one layer are the paths it touched.
 */
export class History {
  /** By path: its latest version, or NONE. */
  readonly #latest: Int32List;
  readonly #nodes: Int32List;
  readonly #layers: Int32List;
  readonly #states: Int32List;
  readonly #earlier: Int32List;

  /** @param expected about how many versions there will be */
  constructor(expected = 0) {
    this.#latest = new Int32List(expected);
    this.#nodes = new Int32List(expected);
    this.#layers = new Int32List(expected);
    this.#states = new Int32List(expected);
    this.#earlier = new Int32List(expected);
  }

  /** Number of versions; those that a layer makes are consecutive. */
  get length(): number {
    return this.#nodes.length;
  }

  /** The state of a path now. */
  now(node: number): State {
    const version = this.#version(node);
    return version === NONE ? ABSENT : this.#states.get(version);
  }

  /** The state of a path after `layer`. */
  after(layer: number, node: number): State {
    const version = this.#upTo(layer, node);
    return version === NONE ? ABSENT : this.#states.get(version);
  }

  /** 1-based layer since which the path, present after `layer`, has been there without a break. */
  since(layer: number, node: number): number {
    let version = this.#upTo(layer, node);
    let since = layer;
    while (version !== NONE && this.#states.get(version) !== ABSENT) {
      since = this.#layers.get(version);
      version = this.#earlier.get(version);
    }
    return since;
  }

  /** 1-based layer that last touched the path, as of `layer`. */
  touched(layer: number, node: number): number {
    const version = this.#upTo(layer, node);
    return version === NONE ? 0 : this.#layers.get(version);
  }

  /** Says what a path holds from `layer` on, which is the newest layer so far. */
  record(layer: number, node: number, state: State): void {
    while (this.#latest.length <= node) this.#latest.push(NONE);
    const version = this.#latest.get(node);
    if (version !== NONE && this.#layers.get(version) === layer) {
      this.#states.set(version, state);
      return;
    }
    this.#nodes.push(node);
    this.#layers.push(layer);
    this.#earlier.push(version);
    this.#latest.set(node, this.#states.push(state));
  }

  node(version: number): number {
    return this.#nodes.get(version);
  }

  state(version: number): State {
    return this.#states.get(version);
  }

  /** What the path held before the layer of this version. */
  before(version: number): State {
    const earlier = this.#earlier.get(version);
    return earlier === NONE ? ABSENT : this.#states.get(earlier);
  }

  #version(node: number): number {
    return node < this.#latest.length ? this.#latest.get(node) : NONE;
  }

  #upTo(layer: number, node: number): number {
    let version = this.#version(node);
    while (version !== NONE && this.#layers.get(version) > layer) version = this.#earlier.get(version);
    return version;
  }
}
