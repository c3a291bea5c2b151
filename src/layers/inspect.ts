import { DlintError } from '../errors.ts';
import type { ImageReport } from '../report/image-report.ts';
import { findBase } from './base-image.ts';
import { checkLayer } from './check-layer.ts';
import { Contents, lengthsOf } from './contents.ts';
import { diveScore } from './dive-score.ts';
import { type FindContentsOptions, findContents } from './find-contents.ts';
import type { Image, Platform } from './image.ts';
import type { StackedTree } from './image-tree.ts';
import { type KeptReport, keptImageReport, ReportCache } from './kept-report.ts';
import { bothOf } from './lanes.ts';
import { knownContents, liveContents } from './live-contents.ts';
import { type OpenOptions, openImage } from './open.ts';
import type { LayerRecord } from './record.ts';
import type { RecordCache } from './record-cache.ts';
import { imageReport, type ReportOptions } from './report.ts';
import { scanArchive } from './scan-archive.ts';
import { digestProblems, type ScanProgress, scanLayers } from './scan-layers.ts';
import { Scratch } from './scratch.ts';
import { openStream } from './sources/streams.ts';
import { inOrder, LayerStack, stack } from './stack.ts';
import { StackCache, stackOf } from './stack-cache.ts';
import { findWorkerFile, WorkerPool } from './worker-pool.ts';

export interface InspectOptions {
  readonly tool: { readonly name: string; readonly version: string };
  /** 1-based: report of this layer only. */
  readonly layer?: number;
  readonly platform?: Platform;
  /** Which image of several: a tag, a digest, or a number from 1. */
  readonly image?: string;
  /** Registries elsewhere may be spoken to without TLS. */
  readonly insecure?: boolean;
  /** Read every byte and hold it to the digests that are stated. */
  readonly verify?: boolean;
  /** The base image: its archive or name, or how many of the lowest layers belong to it. */
  readonly base?: string;
  readonly signal?: AbortSignal;
  readonly onProgress?: (progress: ScanProgress) => void;
  /** Called when it is known what the image is, before its layers are read; not for what can be read only once. */
  readonly onImage?: (image: Image) => void;
  /** Where records of earlier runs are. */
  readonly cache?: RecordCache;
  /** Tells builds of the program apart, whose reports are not each other's; default the file that runs. */
  readonly build?: string;
}

/** An image that can still be looked into. */
export interface InspectedImage {
  readonly report: ImageReport;
  readonly image: Image;
  readonly tree: StackedTree;
}

export interface OpenInspectedOptions extends InspectOptions {
  /** Holds what came through a pipe or compressed, so that bodies can be read again. */
  readonly scratch: Scratch;
  /** Called with the record of each layer that is read, see `scanLayers`. */
  readonly onRecord?: (record: LayerRecord, layer: number) => void;
}

/**
 * Everything `dlint inspect` tells about an image. Errors: those of `openImage` and `scanLayers`; `E_USAGE` for a
 * layer that is not there; `E_DIGEST` when `verify` finds another digest than is stated.
 */
export async function inspectImage(reference: string, options: InspectOptions): Promise<ImageReport> {
  const scratch = new Scratch();
  try {
    const stream = openStream(reference);
    if (!stream) return (await openInspected(reference, { ...options, scratch })).report;
    const scan = { ...signalOf(options), ...(options.onProgress && { onProgress: options.onProgress }) };
    const passed = await scanArchive(stream, [], {
      reference,
      ...(options.verify !== undefined && { verify: options.verify }),
      ...scan,
    });
    const image = await openImage(reference, { ...openOptions(options, scratch), store: passed.store });
    if (options.layer !== undefined) checkLayer(image, options.layer);
    const records = passed.records(image);
    if (options.verify) checkDigests(image, records);
    // What passed by has all its digests.
    const tree = stack(records);
    const live = await liveContents(image, records, tree, signalOf(options));
    return await reportOf(image, records, tree, { live }, options, scratch);
  } finally {
    scratch.dispose();
  }
}

/** The same, and the image itself, whose bodies can be read until `scratch` is disposed of. Errors as `inspectImage`. */
export async function openInspected(reference: string, options: OpenInspectedOptions): Promise<InspectedImage> {
  const { layer, verify, onProgress, onImage, onRecord, cache, build, scratch } = options;
  const image = await openImage(reference, openOptions(options, scratch));
  if (layer !== undefined) checkLayer(image, layer);
  onImage?.(image);
  const workerFile = findWorkerFile();
  const pool = workerFile === undefined ? undefined : new WorkerPool(workerFile);
  const reading = { ...signalOf(options), ...(cache && { cache }), ...(pool && { pool }) };
  const reports = reportsOf(image, options);
  const kept = reports?.find();
  // Layers are laid on one another while others are read; what is kept of the image has no need of it.
  const stacks = cache && new StackCache(cache, image.layers, build);
  const layers = kept ? undefined : (stacks?.find() ?? new LayerStack());
  const lay = inOrder((record) => layers?.add(record));
  try {
    const records = await scanLayers(image, [], {
      ...reading,
      ...(verify !== undefined && { verify }),
      ...(onProgress && { onProgress }),
      ...(onRecord && { lowestFirst: true }),
      onRecord(record, index) {
        lay(record, index);
        onRecord?.(record, index);
      },
    });
    if (verify) checkDigests(image, records);
    if (layers) stacks?.keep(layers);
    const { report, tree } = layers
      ? await tellAll(image, records, layers.tree(), reports, options, reading)
      : tellAgain(image, records, options, kept as KeptReport);
    return {
      report,
      image,
      get tree() {
        return tree();
      },
    };
  } finally {
    await pool?.close();
  }
}

interface Told {
  readonly report: ImageReport;
  /** Laid out when it is asked for. */
  readonly tree: () => StackedTree;
}

/** Where the report is kept, if it depends on nothing but the image. */
function reportsOf(image: Image, { cache, build, verify, base, layer, tool }: InspectOptions): ReportCache | undefined {
  if (!cache || verify || base !== undefined) return undefined;
  return new ReportCache(cache, image, { tool, layer: layer ?? null }, build);
}

async function tellAll(
  image: Image,
  records: readonly LayerRecord[],
  stacked: StackedTree,
  reports: ReportCache | undefined,
  options: OpenInspectedOptions,
  reading: FindContentsOptions,
): Promise<Told> {
  // Threads compare bodies while this one finds out the rest.
  const [contents, { live, dive }] = await bothOf(
    findContents(image, records, stacked, reading),
    findRest(image, records, stacked, reading),
  );
  // They end while the report is made.
  const ended = reading.pool?.close();
  const tree = stacked.withContents(contents.of);
  const report = await reportOf(image, records, tree, { live, dive }, options, options.scratch);
  reports?.keep(report, contents, live.known);
  await ended;
  return { report, tree: () => tree };
}

async function findRest(
  image: Image,
  records: readonly LayerRecord[],
  stacked: StackedTree,
  reading: FindContentsOptions,
): Promise<Required<Pick<ReportOptions, 'live' | 'dive'>>> {
  const live = await liveContents(image, records, stacked, reading);
  return { live, dive: diveScore(records, stacked.names) };
}

/** Of an image that was told about before: only what was not kept is computed, and only when somebody asks for it. */
function tellAgain(
  image: Image,
  records: readonly LayerRecord[],
  { tool, layer, cache }: InspectOptions,
  kept: KeptReport,
): Told {
  let laid: StackedTree | undefined;
  const tree = (): StackedTree => {
    laid ??= stackOf(image.layers, records, cache).withContents(new Contents(lengthsOf(records), kept.contents).of);
    return laid;
  };
  const report = keptImageReport(kept, () =>
    imageReport(image, records, tree(), {
      tool,
      ...(layer !== undefined && { layer }),
      live: knownContents(records, tree(), kept.digests),
    }),
  );
  return { report, tree };
}

async function reportOf(
  image: Image,
  records: readonly LayerRecord[],
  tree: StackedTree,
  found: Pick<ReportOptions, 'live' | 'dive'>,
  options: InspectOptions,
  scratch: Scratch,
): Promise<ImageReport> {
  const { tool, layer, base } = options;
  return imageReport(image, records, tree, {
    tool,
    ...(layer !== undefined && { layer }),
    ...(base !== undefined && { base: await findBase(image, records, base, baseOptions(image, options, scratch)) }),
    ...found,
  });
}

function signalOf({ signal }: InspectOptions): { signal?: AbortSignal } {
  return signal ? { signal } : {};
}

function openOptions({ platform, image, insecure, signal }: InspectOptions, scratch: Scratch): OpenOptions {
  return {
    scratch,
    ...(platform && { platform }),
    ...(image !== undefined && { image }),
    ...(insecure !== undefined && { insecure }),
    ...(signal && { signal }),
  };
}

/** A base is of the same platform, whatever else its index holds. */
function baseOptions({ platform }: Image, { insecure, signal }: InspectOptions, scratch: Scratch): OpenOptions {
  return {
    scratch,
    ...(platform && { platform }),
    ...(insecure !== undefined && { insecure }),
    ...(signal && { signal }),
  };
}

/** Throws `E_DIGEST` with everything that is not what was stated. */
function checkDigests(image: Image, records: readonly LayerRecord[]): void {
  const problems = image.layers.flatMap((layer, i) => digestProblems(layer, records[i] as LayerRecord));
  if (problems.length === 0) return;
  throw new DlintError('E_DIGEST', `${image.reference} is not what it states`, {
    where: problems.join('\n'),
    hint: 'write the archive anew, or leave --verify out to look at it as it is',
  });
}
