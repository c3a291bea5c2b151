import { setImmediate } from 'node:timers/promises';
import { answerOnce } from './body-answers.ts';
import { comparePieces, type PairPlaces, PLACE_FIELDS } from './compare-bodies.ts';
import { Contents, lengthsOf } from './contents.ts';
import type { FileLocator, Image } from './image.ts';
import { type BodyPairs, PAIR_NUMBERS, type StackedTree } from './image-tree.ts';
import { hashBodies } from './read-bodies.ts';
import type { LayerRecord } from './record.ts';
import type { RecordCache } from './record-cache.ts';
import type { CompareWork } from './scan-message.ts';
import { startTurns } from './turns.ts';
import { findWorkerFile, WorkerPool } from './worker-pool.ts';

/** What this needs of an image. */
type Source = Pick<Image, 'reference' | 'layers'>;

export interface FindContentsOptions {
  readonly signal?: AbortSignal;
  /** Threads at most; default one for each core. */
  readonly threads?: number;
  /** The worker's bundle; default the one that lies beside, if there is one. */
  readonly workerFile?: string;
  /** Threads that are there already or shall stay, instead of both. */
  readonly pool?: WorkerPool;
  /** Where answers of earlier runs are. */
  readonly cache?: RecordCache;
}

/** Hashes that are open at the same time. */
const BODIES_AT_ONCE = 1000;
/** Starting a thread takes as long as comparing this many bytes. */
const WORTH_A_THREAD = 64 * 1024 * 1024;
/** Of one piece: threads end at about the same time, and an abort is not waited for. */
const PAIRS_AT_ONCE = 500;
const BYTES_AT_ONCE = 8 * 1024 * 1024;

/** Reads the bodies that tell whether rewrites of equal size changed anything: `StackedTree.withContents` takes it. */
export async function findContents(
  image: Source,
  records: readonly LayerRecord[],
  tree: StackedTree,
  options: FindContentsOptions = {},
): Promise<Contents> {
  const pairs = tree.undecided();
  const contents = new Contents(lengthsOf(records));
  if (pairs.length === 0) return contents;
  if (areComparable(image, records, pairs)) await compareAll(image, records, pairs, contents, options);
  else await hashAll(image, records, pairs, contents, options.signal);
  return contents;
}

/** Whether all bodies lie as they are in files that can be read at any place, and no digest is known. */
function areComparable(image: Source, records: readonly LayerRecord[], pairs: BodyPairs): boolean {
  const isPlain = image.layers.map(({ at }, i) => records[i]?.compression === 'none' && 'file' in at);
  for (let i = 0; i < pairs.length; i += 2) {
    const layer = pairs[i] as number;
    if (!isPlain[layer - 1] || records[layer - 1]?.entries.digestBytes(pairs[i + 1] as number)) return false;
  }
  return true;
}

async function compareAll(
  image: Source,
  records: readonly LayerRecord[],
  pairs: BodyPairs,
  contents: Contents,
  options: FindContentsOptions,
): Promise<void> {
  const involved = new Set<number>();
  for (let i = 0; i < pairs.length; i += 2) involved.add(pairs[i] as number);
  const layers = image.layers.filter(({ index }) => involved.has(index));
  // Another image has them under other numbers.
  const numbers = image.layers.map((layer) => layers.indexOf(layer));
  const asked = Float64Array.from(pairs);
  for (let i = 0; i < pairs.length; i += 2) asked[i] = numbers[(pairs[i] as number) - 1] as number;
  const isSame = await answerOnce(options.cache, {
    name: 'rewrites',
    layers,
    asked,
    isAnswer: (value): value is Uint8Array =>
      value instanceof Uint8Array && value.length === pairs.length / PAIR_NUMBERS,
    find: () => answer(image, records, pairs, options),
  });
  for (let i = 0; i < isSame.length; i++) contents.pair(pairs, i * PAIR_NUMBERS, isSame[i] === 1);
}

/** A byte for each pair: 1 where both bodies are the same. Threads take part where it is worth it. */
async function answer(
  image: Source,
  records: readonly LayerRecord[],
  pairs: BodyPairs,
  { signal, threads, workerFile = findWorkerFile(), pool: given }: FindContentsOptions,
): Promise<Uint8Array> {
  const places = placesOf(image, records, pairs);
  const { starts, bytes } = piecesOf(places);
  const work: CompareWork = {
    turns: startTurns(),
    pairs: places,
    starts,
    same: new Uint8Array(new SharedArrayBuffer(pairs.length / PAIR_NUMBERS)),
    where: image.reference,
  };
  const here = async (): Promise<void> => {
    for (const _ of comparePieces(work)) {
      await setImmediate();
      signal?.throwIfAborted();
    }
  };
  const isLarge = bytes > WORTH_A_THREAD;
  const pool = given ?? (workerFile === undefined || !isLarge ? undefined : new WorkerPool(workerFile, threads));
  try {
    if (pool && isLarge) await pool.compare(work, { here, ...(signal && { signal }) });
    else await here();
  } finally {
    if (!given) await pool?.close();
  }
  return Uint8Array.from(work.same);
}

/** Where each piece of neighbouring bodies begins, and where the last one ends. */
function piecesOf({ places }: PairPlaces): { starts: number[]; bytes: number } {
  const count = places.length / PLACE_FIELDS;
  const starts = [0];
  let start = 0;
  let bytes = 0;
  let most = BYTES_AT_ONCE;
  for (let pair = 0; pair < count; pair++) {
    bytes += places[pair * PLACE_FIELDS + 4] as number;
    if (bytes < most && pair + 1 < start + PAIRS_AT_ONCE && pair + 1 < count) continue;
    start = pair + 1;
    starts.push(start);
    most = bytes + BYTES_AT_ONCE;
  }
  return { starts, bytes };
}

function placesOf(image: Source, records: readonly LayerRecord[], pairs: BodyPairs): PairPlaces {
  const locators = image.layers.map(({ at }) => at as FileLocator);
  const files = [...new Set(locators.map(({ file }) => file))];
  const numbers = locators.map(({ file }) => files.indexOf(file));
  const places = new Float64Array(new SharedArrayBuffer((pairs.length / PAIR_NUMBERS) * PLACE_FIELDS * 8));
  let at = 0;
  for (let i = 0; i < pairs.length; i += 2) {
    const layer = (pairs[i] as number) - 1;
    const index = pairs[i + 1] as number;
    const { entries } = records[layer] as LayerRecord;
    places[at++] = numbers[layer] as number;
    places[at++] = (locators[layer] as FileLocator).offset + entries.bodyOffset(index);
    if (i % PAIR_NUMBERS > 0) places[at++] = entries.size(index);
  }
  return { files, places };
}

async function hashAll(
  image: Source,
  records: readonly LayerRecord[],
  pairs: BodyPairs,
  contents: Contents,
  signal: AbortSignal | undefined,
): Promise<void> {
  const bodies = image.layers.map(() => new Set<number>());
  for (let i = 0; i < pairs.length; i += 2) bodies[(pairs[i] as number) - 1]?.add(pairs[i + 1] as number);
  for (const layer of image.layers) {
    const { entries } = records[layer.index - 1] as LayerRecord;
    const own = [...(bodies[layer.index - 1] as Set<number>)];
    const wanted = own.filter((index) => !entries.digestBytes(index)).sort((a, b) => a - b);
    for (let start = 0; start < wanted.length; start += BODIES_AT_ONCE) {
      const batch = wanted.slice(start, start + BODIES_AT_ONCE);
      const ranges = batch.map((index) => ({ bodyOffset: entries.bodyOffset(index), size: entries.size(index) }));
      const where = `${image.reference}: layer ${layer.index}`;
      const found = await hashBodies(layer.at, ranges, { where, ...(signal && { signal }) });
      for (const [i, index] of batch.entries()) contents.set({ layer: layer.index, index }, found[i] as string);
    }
  }
}
