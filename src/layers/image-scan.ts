import { setImmediate } from 'node:timers/promises';
import type { Image, Layer, Locator } from './image.ts';
import { eachInLanes } from './lanes.ts';
import type { LayerRecord, ProbeRequest } from './record.ts';
import { RecordBudget } from './record-size.ts';
import { scanLayer } from './scan-layer.ts';
import type { ScanLayersOptions } from './scan-layers.ts';
import type { ScanRequest } from './scan-message.ts';
import { Connections } from './sources/registry/connections.ts';
import { startTurns, taken } from './turns.ts';
import type { WorkerPool } from './worker-pool.ts';

/** Layers of a registry that are read at once where there are no threads. */
const TRANSFERS = 4;

/** What a scan needs of an image. */
export type ImageLayers = Pick<Image, 'reference' | 'layers'>;

/** Which layers threads take turns at, in this order, and which are scanned right here. */
export interface Shares {
  readonly shared: readonly Layer[];
  readonly own: readonly Layer[];
  /** The shared ones are only listed: this thread takes its turns too, because none keeps it for long. */
  readonly isListing: boolean;
}

/** The scan of one image's layers, and what came of it so far. */
export class ImageScan {
  readonly #reference: string;
  readonly #probes: readonly ProbeRequest[];
  readonly #options: ScanLayersOptions;
  /** By place: the layers that are there. One may be there several times, and is read once. */
  readonly #places = new Map<string, Layer[]>();
  readonly #records = new Map<string, LayerRecord>();
  readonly #budget: RecordBudget;
  readonly #progress: (id: number, bytes: number) => void;

  constructor({ reference, layers }: ImageLayers, probes: readonly ProbeRequest[], options: ScanLayersOptions) {
    this.#reference = reference;
    this.#probes = probes;
    this.#options = options;
    this.#budget = new RecordBudget(reference);
    for (const layer of layers) {
      const there = this.#places.get(place(layer.at));
      if (there) there.push(layer);
      else this.#places.set(place(layer.at), [layer]);
    }
    this.#progress = progressOf(this.distinct, options.onProgress);
  }

  /** The first layer of each place. */
  get distinct(): Layer[] {
    return [...this.#places.values()].map((there) => there[0] as Layer);
  }

  record({ at }: Layer): LayerRecord {
    return this.#records.get(place(at)) as LayerRecord;
  }

  /** Has threads take turns at layers. */
  async share({ shared, isListing }: Shares, pool: WorkerPool): Promise<void> {
    const { verify, hash, signal } = this.#options;
    const turns = startTurns();
    const scans = shared.map((layer): ScanRequest => ({ ...this.#request(layer), verify, hash }));
    const layers = new Map(shared.map((layer) => [layer.index, layer]));
    const here = async (): Promise<void> => {
      const connections = new Connections();
      for (const turn of taken(turns, shared.length)) {
        await this.#scan(shared[turn] as Layer, connections, signal);
        // Those of other threads may be waiting.
        await setImmediate();
      }
    };
    await pool.scan(
      { turns, scans },
      {
        onProgress: this.#progress,
        onRecord: (record, index) => this.#take(record, layers.get(index) as Layer),
        ...(isListing && { here }),
        ...(signal && { signal }),
      },
    );
  }

  /** Scans layers in this thread. */
  async each(layers: readonly Layer[]): Promise<void> {
    // One set for all: what one layer found out about the registry holds for the next.
    const connections = new Connections();
    // While one of a registry is waited for, another can be read.
    const lanes = layers.some(({ at }) => 'url' in at) ? TRANSFERS : 1;
    await eachInLanes(layers, lanes, this.#options.signal, (layer, stop) => this.#scan(layer, connections, stop));
  }

  async #scan(layer: Layer, connections: Connections, stop: AbortSignal | undefined): Promise<void> {
    const { verify, hash, probeTable } = this.#options;
    stop?.throwIfAborted();
    const { where } = this.#request(layer);
    const record = await scanLayer(layer.at, this.#probes, {
      where,
      connections,
      ...(verify !== undefined && { verify }),
      ...(hash !== undefined && { hash }),
      ...(probeTable && { probeTable }),
      ...(stop && { signal: stop }),
      onProgress: (done) => this.#progress(layer.index, done),
    });
    this.#take(record, layer);
  }

  #take(record: LayerRecord, { at, index }: Layer): void {
    this.#budget.take(record);
    this.#records.set(place(at), record);
    this.#progress(index, at.length);
    for (const layer of this.#places.get(place(at)) ?? []) this.#options.onRecord?.(record, layer.index);
  }

  #request(layer: Layer): Omit<ScanRequest, 'verify' | 'hash'> {
    const { index, at } = layer;
    return { id: index, at, probes: this.#probes, where: `${this.#reference}: layer ${index}` };
  }
}

function place(at: Locator): string {
  return 'file' in at ? `${at.offset}+${at.length} ${at.file}` : at.url;
}

function progressOf(
  layers: readonly Layer[],
  report: ScanLayersOptions['onProgress'],
): (id: number, bytes: number) => void {
  const done = new Map<number, number>();
  const total = layers.reduce((sum, { at }) => sum + at.length, 0);
  return (id, bytes) => {
    done.set(id, bytes);
    report?.({ done: [...done.values()].reduce((sum, value) => sum + value, 0), total, byLayer: done });
  };
}
