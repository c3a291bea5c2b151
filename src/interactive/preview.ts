import type { Image } from '../layers/image.ts';
import type { LayerRecord } from '../layers/record.ts';
import { imageReport } from '../layers/report.ts';
import { stack } from '../layers/stack.ts';
import { BrowsedImage } from './browsed-image.ts';

/** Making one takes no more than one part of so many of the time. */
const SHARE = 10;

/**
 * Shows the lowest layers as far as all of them are read: what lies on them does not change what they are. One is made
 * when more of them are there, and seldom enough not to hold up keys and reading.
 */
export class Preview {
  readonly #tool: { readonly name: string; readonly version: string };
  readonly #onPreview: (image: BrowsedImage) => void;
  readonly #records: LayerRecord[] = [];
  #image: Image | undefined;
  #shown = 0;
  #next = 0;
  #timer: NodeJS.Timeout | undefined;

  constructor(tool: { readonly name: string; readonly version: string }, onPreview: (image: BrowsedImage) => void) {
    this.#tool = tool;
    this.#onPreview = onPreview;
  }

  open(image: Image): void {
    this.#image = image;
  }

  /** A layer, by its number from 1, has been read. */
  add(record: LayerRecord, layer: number): void {
    this.#records[layer - 1] = record;
    this.#timer ??= setTimeout(() => this.#show(), Math.max(0, this.#next - performance.now()));
  }

  /** No more are made. */
  close(): void {
    clearTimeout(this.#timer);
    this.#image = undefined;
  }

  #show(): void {
    this.#timer = undefined;
    let count = this.#shown;
    while (this.#records[count]) count++;
    if (!this.#image || count === this.#shown) return;
    const start = performance.now();
    const records = this.#records.slice(0, count);
    const tree = stack(records);
    const image = { ...this.#image, layers: this.#image.layers.slice(0, count) };
    this.#onPreview(new BrowsedImage({ report: imageReport(image, records, tree, { tool: this.#tool }), tree }));
    this.#shown = count;
    const end = performance.now();
    this.#next = end + (end - start) * SHARE;
  }
}
