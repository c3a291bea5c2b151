import { setImmediate } from 'node:timers/promises';
import { answerOnce } from './body-answers.ts';
import { type BodyPairs, comparePieces, PAIR_FIELDS } from './compare-bodies.ts';
import { Contents, lengthsOf } from './contents.ts';
import type { FileLocator, Image, Layer, Locator } from './image.ts';
import type { BodyPair, BodyPlace, StackedTree } from './image-tree.ts';
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
const PAIRS_AT_ONCE = 2000;
const BYTES_AT_ONCE = 32 * 1024 * 1024;

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
  const isPlain = pairs.every(({ before, after }) =>
    [before, after].every((body) => isComparable(image, records, body)),
  );
  if (isPlain) await compareAll(image, records, pairs, contents, options);
  else await hashAll(image, records, pairs, contents, options.signal);
  return contents;
}

/** Whether a body lies as it is in a file that can be read at any place, and its digest is not known. */
function isComparable(image: Source, records: readonly LayerRecord[], { layer, index }: BodyPlace): boolean {
  const record = records[layer - 1] as LayerRecord;
  const at = image.layers[layer - 1]?.at as Locator;
  return record.compression === 'none' && 'file' in at && record.entries.digestBytes(index) === undefined;
}

async function compareAll(
  image: Source,
  records: readonly LayerRecord[],
  pairs: readonly BodyPair[],
  contents: Contents,
  options: FindContentsOptions,
): Promise<void> {
  const involved = new Set<number>();
  for (const { before, after } of pairs) involved.add(before.layer).add(after.layer);
  const layers = image.layers.filter(({ index }) => involved.has(index));
  const numbers = new Map(layers.map(({ index }, i) => [index, i]));
  const asked = new Float64Array(4 * pairs.length);
  for (const [i, { before, after }] of pairs.entries()) {
    const [old, young] = [numbers.get(before.layer) as number, numbers.get(after.layer) as number];
    asked.set([old, before.index, young, after.index], 4 * i);
  }
  const isSame = await answerOnce(options.cache, {
    name: 'rewrites',
    layers,
    asked,
    isAnswer: (value): value is Uint8Array => value instanceof Uint8Array && value.length === pairs.length,
    find: () => answer(image, records, pairs, options),
  });
  for (const [i, pair] of pairs.entries()) contents.pair(pair, isSame[i] === 1);
}

/** A byte for each pair: 1 where both bodies are the same. Threads take part where it is worth it. */
async function answer(
  image: Source,
  records: readonly LayerRecord[],
  pairs: readonly BodyPair[],
  { signal, threads, workerFile = findWorkerFile(), pool: given }: FindContentsOptions,
): Promise<Uint8Array> {
  const { starts, bytes } = piecesOf(pairs.map(({ after }) => sizeOf(records, after)));
  const work: CompareWork = {
    turns: startTurns(),
    pairs: placesOf(image, records, pairs),
    starts,
    same: new Uint8Array(new SharedArrayBuffer(pairs.length)),
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
function piecesOf(sizes: readonly number[]): { starts: number[]; bytes: number } {
  const starts = [0];
  let sum = 0;
  let most = BYTES_AT_ONCE;
  for (const [i, size] of sizes.entries()) {
    sum += size;
    if (sum < most && i + 1 < (starts.at(-1) as number) + PAIRS_AT_ONCE && i + 1 < sizes.length) continue;
    starts.push(i + 1);
    most = sum + BYTES_AT_ONCE;
  }
  return { starts, bytes: sum };
}

function placesOf(image: Source, records: readonly LayerRecord[], pairs: readonly BodyPair[]): BodyPairs {
  const files = [...new Set(image.layers.map(({ at }) => (at as FileLocator).file))];
  const numbers = image.layers.map(({ at }) => files.indexOf((at as FileLocator).file));
  const places = new Float64Array(new SharedArrayBuffer(pairs.length * PAIR_FIELDS * 8));
  const put = (at: number, { layer, index }: BodyPlace): void => {
    const { offset } = (image.layers[layer - 1] as Layer).at as FileLocator;
    places[at] = numbers[layer - 1] as number;
    places[at + 1] = offset + (records[layer - 1] as LayerRecord).entries.bodyOffset(index);
  };
  for (const [i, { before, after }] of pairs.entries()) {
    put(i * PAIR_FIELDS, before);
    put(i * PAIR_FIELDS + 2, after);
    places[i * PAIR_FIELDS + 4] = sizeOf(records, after);
  }
  return { files, places };
}

function sizeOf(records: readonly LayerRecord[], { layer, index }: BodyPlace): number {
  return records[layer - 1]?.entries.size(index) ?? 0;
}

async function hashAll(
  image: Source,
  records: readonly LayerRecord[],
  pairs: readonly BodyPair[],
  contents: Contents,
  signal: AbortSignal | undefined,
): Promise<void> {
  const places = pairs.flatMap(({ before, after }) => [before, after]);
  for (const layer of image.layers) {
    const { entries } = records[layer.index - 1] as LayerRecord;
    const own = places.filter((place) => place.layer === layer.index).map(({ index }) => index);
    const wanted = [...new Set(own)].filter((index) => !entries.digestBytes(index)).sort((a, b) => a - b);
    for (let start = 0; start < wanted.length; start += BODIES_AT_ONCE) {
      const batch = wanted.slice(start, start + BODIES_AT_ONCE);
      const ranges = batch.map((index) => ({ bodyOffset: entries.bodyOffset(index), size: entries.size(index) }));
      const where = `${image.reference}: layer ${layer.index}`;
      const found = await hashBodies(layer.at, ranges, { where, ...(signal && { signal }) });
      for (const [i, index] of batch.entries()) contents.set({ layer: layer.index, index }, found[i] as string);
    }
  }
}
