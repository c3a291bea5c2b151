import type { Image } from '../layers/image.ts';
import { type OpenOptions, openImage } from '../layers/open.ts';
import type { LayerRecord } from '../layers/record.ts';
import { type ScanLayersOptions, scanLayers } from '../layers/scan-layers.ts';
import { stack } from '../layers/stack.ts';
import { findWorkerFile } from '../layers/worker-pool.ts';
import { CATALOGERS } from './catalogers/index.ts';
import { withFileHashes } from './file-hashes.ts';
import { withLinkedBodies } from './linked-bodies.ts';
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

/**
 * The SBOM of the image that a path names (see `openImage`), or of an opened image. Each layer is read once, and
 * again where a wanted file is a hard link to a body of another name.
 * Errors: those of `openImage` and `scanLayers`. What a package database has wrong is no error but in `problems`.
 */
export async function createSbom(source: string | Image, options: CreateSbomOptions = {}): Promise<Sbom> {
  const image = typeof source === 'string' ? await openImage(source, options) : source;
  const workerFile = options.workerFile ?? findWorkerFile('sbom-worker');
  const scanned = await scanLayers(image, sbomProbes(), {
    ...options,
    probeTable: sbomProbeTable(),
    // In the scan it is done in parallel, and kept with the records.
    ...(options.hashes && { hash: true }),
    ...(workerFile !== undefined && { workerFile }),
  });
  options.onScanned?.(scanned);
  const records = await withLinkedBodies(image, scanned, sbomGlobs(), options);
  const tree = stack(records);
  const found = composeSbom(image, records, tree, CATALOGERS, options);
  return options.hashes ? await withFileHashes(found, image, records, tree, options) : found;
}
