import type { Image, Layer, Locator } from './image.ts';
import { eachInLanes } from './lanes.ts';
import { LayerCache } from './layer-cache.ts';
import type { ProbeTable } from './probes/index.ts';
import type { LayerRecord, ProbeRequest } from './record.ts';
import type { RecordCache } from './record-cache.ts';
import { RecordBudget } from './record-size.ts';
import { scanLayer } from './scan-layer.ts';
import type { ScanRequest } from './scan-message.ts';
import { Connections } from './sources/registry/connections.ts';
import { findWorkerFile, WorkerPool } from './worker-pool.ts';

export interface ScanLayersOptions {
  /** Read every byte and hash it, as stored and uncompressed. Default: where every byte is read anyway. */
  readonly verify?: boolean;
  /** Hash every body. Default: where every byte is read anyway. */
  readonly hash?: boolean;
  readonly signal?: AbortSignal;
  readonly onProgress?: (progress: ScanProgress) => void;
  /** Called with each record as it comes, and the number of its layer; layers are then read from the lowest on. */
  readonly onRecord?: (record: LayerRecord, layer: number) => void;
  /** Threads at most; default one for each core. */
  readonly threads?: number;
  /** The worker's bundle; default the one that lies beside, if there is one. */
  readonly workerFile?: string;
  /** Threads that are there already or shall stay, instead of both. */
  readonly pool?: WorkerPool;
  /** Where records of earlier runs are. Under `verify` none is read: every byte is. */
  readonly cache?: RecordCache;
  /** What `probes` are looked up in; default `PROBES`. The worker's bundle must know the same. */
  readonly probeTable?: ProbeTable;
}

/** In bytes, as stored. */
export interface ScanProgress {
  readonly done: number;
  /** Null where it is not known. */
  readonly total: number | null;
  /** By the number of the layer, where several are read. */
  readonly byLayer?: ReadonlyMap<number, number>;
}

/** Starting a thread takes as long as inflating this many bytes. */
const WORTH_A_THREAD = 2 * 1024 * 1024;
/** Plain layers of so many bytes together have members enough that listing them takes longer than to start threads. */
const WORTH_LISTING_APART = 512 * 1024 * 1024;
/** Layers of a registry that are read at once where there are no threads. */
const TRANSFERS = 4;

/**
 * The records of an image's layers, lowest first. What takes long, compressed layers and all under `verify` or `hash`,
 * is spread over worker threads; plain layers are listed right here, unless they are large. A layer that occurs twice is read once; one whose
 * record is in the cache, not at all.
 * Errors as `scanLayer`, with the layer's number; the first one ends the scan.
 */
export async function scanLayers(
  image: ImageLayers,
  probes: readonly ProbeRequest[] = [],
  options: ScanLayersOptions = {},
): Promise<LayerRecord[]> {
  const { cache, verify, hash, probeTable, signal } = options;
  if (!cache) return await scanAll(image, probes, options);
  const layers = new LayerCache(cache, { probes, ...(probeTable && { probeTable }), ...(hash && { hash }) });
  const found = new Map<Layer, LayerRecord>();
  for (const layer of verify ? [] : image.layers) {
    const record = await layers.find(layer, signal);
    if (!record) continue;
    found.set(layer, record);
    options.onRecord?.(record, layer.index);
  }
  const missing = image.layers.filter((layer) => !found.has(layer));
  const scanned = await scanAll({ reference: image.reference, layers: missing }, probes, options);
  for (const [i, layer] of missing.entries()) {
    const record = scanned[i] as LayerRecord;
    if (!verify) layers.keep(layer, record);
    found.set(layer, record);
  }
  return image.layers.map((layer) => found.get(layer) as LayerRecord);
}

type ImageLayers = Pick<Image, 'reference' | 'layers'>;

async function scanAll(
  image: ImageLayers,
  probes: readonly ProbeRequest[],
  options: ScanLayersOptions,
): Promise<LayerRecord[]> {
  const { verify, hash, signal, onProgress, probeTable, threads, workerFile = findWorkerFile() } = options;
  const distinct = new Map(image.layers.map((layer) => [place(layer.at), layer]));
  const isRead = ({ at, compressedBytes }: Layer): boolean =>
    'url' in at || compressedBytes !== null || verify === true || hash === true;
  const listed = [...distinct.values()].filter((layer) => !isRead(layer)).reduce((sum, { at }) => sum + at.length, 0);
  const isHeavy = (layer: Layer): boolean => isRead(layer) || listed > WORTH_LISTING_APART;
  const heavy = [...distinct.values()].filter(isHeavy);
  // The largest first, so that none is left for one thread at the end.
  if (!options.onRecord) heavy.sort((a, b) => b.at.length - a.at.length);
  const bytes = heavy.reduce((sum, { at }) => sum + at.length, 0);
  const pool = options.pool ?? (workerFile === undefined ? undefined : new WorkerPool(workerFile, threads));
  const inWorkers = pool && bytes > WORTH_A_THREAD ? heavy : [];
  const progress = progressOf([...distinct.values()], onProgress);
  const records = new Map<string, LayerRecord>();
  const budget = new RecordBudget(image.reference);
  const toRequest = (layer: Layer): ScanRequest => ({ ...request(image.reference, layer, probes), verify, hash });
  const scanned = pool?.scan(inWorkers.map(toRequest), {
    onProgress: progress,
    onRecord: (record, layer) => {
      budget.take(record);
      tell(record, layer);
    },
    ...(signal && { signal }),
  });
  // Both go on at once, so neither may leave the other's failure unheard.
  const [fromWorkers, inline] = await Promise.allSettled([scanned, scanInline()]);
  if (!options.pool) await pool?.close();
  if (fromWorkers.status === 'rejected') throw fromWorkers.reason;
  if (inline.status === 'rejected') throw inline.reason;
  for (const [i, record] of (fromWorkers.value ?? []).entries()) records.set(place((inWorkers[i] as Layer).at), record);
  return image.layers.map(({ at }) => records.get(place(at)) as LayerRecord);

  /** A layer may be there several times. */
  function tell(record: LayerRecord, index: number): void {
    if (!options.onRecord) return;
    const at = image.layers.find((layer) => layer.index === index)?.at;
    for (const layer of image.layers) if (at && place(layer.at) === place(at)) options.onRecord(record, layer.index);
  }

  async function scanInline(): Promise<void> {
    const waiting = [...distinct.values()].filter((layer) => !inWorkers.includes(layer));
    const connections = new Connections();
    // While one of a registry is waited for, another can be read.
    const lanes = waiting.some(({ at }) => 'url' in at) ? TRANSFERS : 1;
    await eachInLanes(waiting, lanes, signal, (layer, stop) => scanOne(layer, connections, stop));
  }

  async function scanOne(layer: Layer, connections: Connections, stop: AbortSignal | undefined): Promise<void> {
    stop?.throwIfAborted();
    const { where } = request(image.reference, layer, probes);
    const record = await scanLayer(layer.at, probes, {
      where,
      connections,
      ...(verify !== undefined && { verify }),
      ...(hash !== undefined && { hash }),
      ...(probeTable && { probeTable }),
      ...(stop && { signal: stop }),
      onProgress: (done) => progress(layer.index, done),
    });
    budget.take(record);
    tell(record, layer.index);
    records.set(place(layer.at), record);
    progress(layer.index, layer.at.length);
  }
}

/**
 * What is proven wrong about a layer once every byte was read: digests that are not those stated. Empty when all is
 * well, or nothing was stated, or bodies were passed over.
 */
export function digestProblems(layer: Layer, record: LayerRecord): string[] {
  const problems: string[] = [];
  if (isMismatch(layer.digest, record.digest)) {
    problems.push(`layer ${layer.index} is ${record.digest}, not ${layer.digest} as stated`);
  }
  if (isMismatch(layer.diffId, record.diffId)) {
    problems.push(`layer ${layer.index} unpacks to ${record.diffId}, not ${layer.diffId} as the config states`);
  }
  return problems;
}

function isMismatch(stated: string | null, actual: string | null): boolean {
  return stated !== null && actual !== null && stated.startsWith('sha256:') && stated !== actual;
}

function place(at: Locator): string {
  return 'file' in at ? `${at.offset}+${at.length} ${at.file}` : at.url;
}

function request(
  reference: string,
  layer: Layer,
  probes: readonly ProbeRequest[],
): Omit<ScanRequest, 'verify' | 'hash'> {
  return { id: layer.index, at: layer.at, probes, where: `${reference}: layer ${layer.index}` };
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
