import type { Layer } from './image.ts';
import { type ImageLayers, ImageScan, type Shares } from './image-scan.ts';
import { bothOf } from './lanes.ts';
import { LayerCache } from './layer-cache.ts';
import type { ProbeTable } from './probes/index.ts';
import type { LayerRecord, ProbeRequest } from './record.ts';
import type { RecordCache } from './record-cache.ts';
import { findWorkerFile, WorkerPool } from './worker-pool.ts';

export interface ScanLayersOptions {
  /** Read every byte and hash it, as stored and uncompressed. Default: where every byte is read anyway. */
  readonly verify?: boolean;
  /** Hash every body. Default: where every byte is read anyway. */
  readonly hash?: boolean;
  readonly signal?: AbortSignal;
  readonly onProgress?: (progress: ScanProgress) => void;
  /** Called with each record as it comes, and the number of its layer; what it throws ends the scan. */
  readonly onRecord?: (record: LayerRecord, layer: number) => void;
  /** Read layers from the lowest on, for those who show them. Default: in the order that is done soonest. */
  readonly lowestFirst?: boolean;
  /** Threads at most, this one included where it takes part; default one for each core. */
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
/**
 * The records of an image's layers, lowest first. What takes long, compressed layers and all under `verify` or `hash`,
 * is spread over worker threads; plain layers are listed right here, where they are large with threads besides. A layer
 * that occurs twice is read once; one whose record is in the cache, not at all.
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
  const byIndex = new Map(missing.map((layer) => [layer.index, layer]));
  await scanAll({ reference: image.reference, layers: missing }, probes, {
    ...options,
    onRecord(record, index) {
      const layer = byIndex.get(index) as Layer;
      // Kept before anybody makes something larger of it: what is kept stands in memory twice while it is written.
      if (!verify) layers.keep(layer, record);
      found.set(layer, record);
      options.onRecord?.(record, index);
    },
  });
  return image.layers.map((layer) => found.get(layer) as LayerRecord);
}

async function scanAll(
  image: ImageLayers,
  probes: readonly ProbeRequest[],
  options: ScanLayersOptions,
): Promise<LayerRecord[]> {
  const { threads, workerFile = findWorkerFile() } = options;
  const scan = new ImageScan(image, probes, options);
  const shares = sharesOf(scan.distinct, probes, options);
  const isShared = shares.shared.length > 0 && (options.pool !== undefined || workerFile !== undefined);
  const pool = isShared ? (options.pool ?? new WorkerPool(workerFile as string, threads)) : undefined;
  try {
    if (pool) await bothOf(scan.share(shares, pool), scan.each(shares.own));
    else await scan.each(scan.distinct);
  } finally {
    if (!options.pool) await pool?.close();
  }
  return image.layers.map((layer) => scan.record(layer));
}

function sharesOf(
  layers: readonly Layer[],
  probes: readonly ProbeRequest[],
  { verify, hash, lowestFirst }: ScanLayersOptions,
): Shares {
  const isRead = ({ at, compressedBytes }: Layer): boolean =>
    'url' in at || compressedBytes !== null || verify === true || hash === true;
  const listedBytes = bytesOf(layers.filter((layer) => !isRead(layer)));
  const shared = layers.filter((layer) => isRead(layer) || listedBytes > WORTH_LISTING_APART);
  if (bytesOf(shared) <= WORTH_A_THREAD) return { shared: [], own: layers, isListing: false };
  const isListing = probes.length === 0 && !shared.some(isRead);
  // The largest first, so that none is left for one thread at the end. Of listing the size says little.
  if (!isListing && !lowestFirst) shared.sort((a, b) => b.at.length - a.at.length);
  return { shared, own: layers.filter((layer) => !shared.includes(layer)), isListing };
}

function bytesOf(layers: readonly Layer[]): number {
  return layers.reduce((sum, { at }) => sum + at.length, 0);
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
