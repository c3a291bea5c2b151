import type { PageData, PageLayer } from '../page-data.ts';
import { type PageTables, readTables } from './read-data.ts';
import { lastRows } from './weights.ts';

/** All that the views show, and the one thing they share: the layer that is chosen. */
export interface Model {
  readonly data: PageData;
  readonly tables: PageTables;
  /** By node: the last row of its changes, or -1. */
  readonly last: Int32Array;
  layerOf(index: number): PageLayer | undefined;
  /** The chosen layer; null for the whole image. */
  readonly layer: number | null;
  choose(layer: number | null): void;
  onChoice(listener: () => void): void;
}

export function modelOf(data: PageData): Model {
  const tables = readTables(data);
  const listeners: (() => void)[] = [];
  const byIndex = new Map(data.layers.map((layer) => [layer.index, layer]));
  let chosen = data.selected;
  return {
    data,
    tables,
    last: lastRows(tables),
    layerOf: (index) => byIndex.get(index),
    get layer() {
      return chosen;
    },
    choose(layer) {
      // Of an image that is shown by one layer, nothing else is known.
      const next = layer ?? data.selected;
      if (next === chosen) return;
      chosen = next;
      for (const listener of listeners) listener();
    },
    onChoice: (listener) => {
      listeners.push(listener);
    },
  };
}
