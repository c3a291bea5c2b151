import { build as thisBuild } from './build.ts';
import type { Layer } from './image.ts';
import type { StackedTree } from './image-tree.ts';
import { identitiesOf } from './layer-identity.ts';
import { LIMITS } from './limits.ts';
import type { LayerRecord } from './record.ts';
import type { RecordCache } from './record-cache.ts';
import { LayerStack, type StackColumns } from './stack.ts';

/** Fewer entries are laid down in less time than it takes to read what was kept of them. */
const WORTH_KEEPING = 20_000;
/** What is kept stands in memory twice while it is written: a stack of more would cost more than it saves. */
const MOST_KEPT = 400_000;

/**
 * What the lowest layers of an image amount to when they are laid on one another, of earlier runs: another image may
 * have the same ones, with others on them. A stack is known by the chain of its layers, as OCI's ChainID is, here by
 * where they lie and the state of those files. Nothing is kept where that cannot be told.
 */
export class StackCache {
  readonly #cache: RecordCache;
  readonly #layers: readonly Layer[];
  readonly #build: unknown;
  readonly #chain: readonly unknown[];
  /** Entries of the stack that was found. */
  #found = 0;

  /** @param build tells builds of the program apart */
  constructor(cache: RecordCache, layers: readonly Layer[], build: unknown = thisBuild) {
    this.#cache = cache;
    this.#layers = layers;
    this.#build = build;
    this.#chain = chainOf(layers);
  }

  /** The stack of as many of the lowest layers as there is one of; with none in it where there is none. */
  find(): LayerStack {
    for (let count = this.#chain.length; count > 0 && this.#build !== undefined; count--) {
      const key = this.#key(this.#chain.slice(0, count));
      const columns = this.#cache.has(key) ? (this.#cache.read(key) as StackColumns | undefined) : undefined;
      if (!columns) continue;
      this.#found = columns.killers.length;
      return new LayerStack(columns);
    }
    return new LayerStack();
  }

  /** Keeps the stack of all layers, to be called before anybody else changes it. */
  keep(stack: LayerStack): void {
    const isKnown = this.#build !== undefined && this.#chain.length === this.#layers.length;
    const isWorthIt = stack.entries - this.#found >= WORTH_KEEPING && stack.entries <= MOST_KEPT;
    if (!isKnown || !isWorthIt) return;
    // The files may have changed meanwhile.
    if (JSON.stringify(chainOf(this.#layers)) !== JSON.stringify(this.#chain)) return;
    this.#cache.write(this.#key(this.#chain), stack.columns());
  }

  #key(chain: readonly unknown[]): unknown {
    return ['stack', this.#build, LIMITS, chain];
  }
}

/** An image's tree, from what is kept of its lowest layers where there is a cache. Throws `E_LIMIT`. */
export function stackOf(layers: readonly Layer[], records: readonly LayerRecord[], cache?: RecordCache): StackedTree {
  const stacks = cache && new StackCache(cache, layers);
  const laid = stacks?.find() ?? new LayerStack(records.reduce((sum, { entries }) => sum + entries.length, 0));
  for (const record of records) laid.add(record);
  stacks?.keep(laid);
  return laid.tree();
}

/** What tells each layer, up to the first of which it cannot be told. */
function chainOf(layers: readonly Layer[]): unknown[] {
  const identities = identitiesOf(layers);
  const unknown = identities.indexOf(undefined);
  return unknown < 0 ? identities : identities.slice(0, unknown);
}
