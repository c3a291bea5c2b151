import type { Image } from '../layers/image.ts';
import { type OpenOptions, openImage } from '../layers/open.ts';
import type { LayerRecord } from '../layers/record.ts';
import { scanArchive } from '../layers/scan-archive.ts';
import { type ScanLayersOptions, scanLayers } from '../layers/scan-layers.ts';
import { openStream } from '../layers/sources/streams.ts';
import { stack } from '../layers/stack.ts';
import { findWorkerFile } from '../layers/worker-pool.ts';
import { CATALOGERS } from './catalogers/index.ts';
import { withFileHashes } from './file-hashes.ts';
import { withLinkedBodies } from './linked-bodies.ts';
import { PassedBodies } from './passed-bodies.ts';
import { composeSbom, type Sbom } from './sbom.ts';
import { sbomGlobs, sbomProbes, sbomProbeTable } from './sbom-probes.ts';

export interface CreateSbomOptions
  extends Pick<OpenOptions, 'platform' | 'image' | 'signal' | 'scratch' | 'insecure'>,
    Pick<ScanLayersOptions, 'onProgress' | 'threads' | 'workerFile' | 'verify' | 'cache'> {
  /** SHA-256 of their files for packages whose record has no strong hash (`withFileHashes`). Reads every file. */
  readonly hashes?: boolean;
  /** Also packages that later layers removed or replaced (`removedBy`). */
  readonly allLayers?: boolean;
  /** Called with what the layers hold when all are read, before packages are looked for. */
  readonly onScanned?: (records: readonly LayerRecord[]) => void;
}

/** Bytes of a program or an archive of Java that waits in memory while it passes, at most: nearly all of them do. */
const IN_MEMORY = 64 * 1024 * 1024;

/** An image, and what `composeSbom` needs of its layers. */
export interface ReadImage {
  readonly image: Image;
  readonly records: readonly LayerRecord[];
}

/**
 * The SBOM of the image that a path names (see `openImage`), of an opened one, or of one that was read. Each layer is read once, and
 * again where a wanted file is a hard link to a body of another name. What can be read only once, a pipe or an archive
 * that is compressed as a whole, is read as it passes (`scanArchive`).
 * Errors: those of `openImage` and `scanLayers`. What a package database has wrong is no error but in `problems`.
 */
export async function createSbom(source: string | Image | ReadImage, options: CreateSbomOptions = {}): Promise<Sbom> {
  const { image, records } = await read(source, options);
  const tree = stack(records);
  const found = composeSbom(image, records, tree, CATALOGERS, options);
  return options.hashes ? await withFileHashes(found, image, records, tree, options) : found;
}

async function read(source: string | Image | ReadImage, options: CreateSbomOptions): Promise<ReadImage> {
  if (typeof source !== 'string') return 'records' in source ? source : await readImage(source, options);
  const stream = openStream(source);
  // No record of it is kept, so nobody asks what its layers hash to.
  if (stream) return await passForSbom(source, stream, { verify: false, ...options });
  return await readImage(await openImage(source, options), options);
}

async function readImage(image: Image, options: CreateSbomOptions): Promise<ReadImage> {
  const workerFile = options.workerFile ?? findWorkerFile('sbom-worker');
  const scanned = await scanLayers(image, sbomProbes(), {
    ...options,
    probeTable: sbomProbeTable(),
    // In the scan it is done in parallel, and kept with the records.
    ...(options.hashes && { hash: true }),
    ...(workerFile !== undefined && { workerFile }),
  });
  options.onScanned?.(scanned);
  return { image, records: await withLinkedBodies(image, scanned, sbomGlobs(), options) };
}

/** Reads an image for `createSbom` as it passes. Bodies are hashed where `hashes` are asked for. Errors as `createSbom`. */
export async function passForSbom(
  reference: string,
  stream: AsyncIterable<Buffer>,
  { hashes = false, verify, signal, onProgress, onScanned, ...options }: CreateSbomOptions,
): Promise<ReadImage> {
  const bodies = new PassedBodies(sbomGlobs());
  try {
    const passed = await scanArchive(stream, [...sbomProbes(), { name: 'passed' }], {
      reference,
      hash: hashes,
      probeTable: { ...sbomProbeTable(CATALOGERS, IN_MEMORY), passed: bodies.probe },
      reduce: bodies.reduce,
      ...(verify !== undefined && { verify }),
      ...(signal && { signal }),
      ...(onProgress && { onProgress }),
    });
    const image = await openImage(reference, { ...options, ...(signal && { signal }), store: passed.store });
    const records = passed.records(image);
    onScanned?.(records);
    return { image, records };
  } finally {
    bodies.close();
  }
}
