import { DlintError } from '../errors.ts';
import type { Digest } from '../report/finding.ts';
import type { ImageReport } from '../report/image-report.ts';
import { counted } from '../report/units.ts';
import type { Image, Platform } from './image.ts';
import type { StackedTree } from './image-tree.ts';
import { openImage } from './open.ts';
import { hashBodies } from './read-bodies.ts';
import type { LayerRecord } from './record.ts';
import { imageReport } from './report.ts';
import { digestProblems, type ScanProgress, scanLayers } from './scan-layers.ts';
import { Scratch } from './scratch.ts';
import { stack } from './stack.ts';

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
  readonly signal?: AbortSignal;
  readonly onProgress?: (progress: ScanProgress) => void;
}

/** Hashes that are open at the same time. Only plain layers are asked, so a batch costs no reading twice. */
const BODIES_AT_ONCE = 1000;

/**
 * Everything `dlint inspect` tells about an image. Errors: those of `openImage` and `scanLayers`; `E_USAGE` for a
 * layer that is not there; `E_DIGEST` when `verify` finds another digest than is stated.
 */
export async function inspectImage(reference: string, options: InspectOptions): Promise<ImageReport> {
  const { tool, layer, platform, image: name, insecure, verify, signal, onProgress } = options;
  const scratch = new Scratch();
  try {
    const found = {
      ...(platform && { platform }),
      ...(name !== undefined && { image: name }),
      ...(insecure !== undefined && { insecure }),
      ...(signal && { signal }),
    };
    const image = await openImage(reference, { ...found, scratch });
    if (layer !== undefined) checkLayer(image, layer);
    const records = await scanLayers(image, [], {
      ...(verify !== undefined && { verify }),
      ...(signal && { signal }),
      ...(onProgress && { onProgress }),
    });
    if (verify) checkDigests(image, records);
    const tree = await decided(image, records, stack(records), signal);
    return imageReport(image, records, tree, { tool, ...(layer !== undefined && { layer }) });
  } finally {
    scratch.dispose();
  }
}

/** The tree with the bodies read that tell whether rewrites of equal size changed anything. */
export async function decided(
  image: Image,
  records: readonly LayerRecord[],
  tree: StackedTree,
  signal?: AbortSignal,
): Promise<StackedTree> {
  const digests = image.layers.map(() => new Map<number, Digest>());
  const places = tree.undecided();
  for (const layer of image.layers) {
    const known = digests[layer.index - 1] as Map<number, Digest>;
    const wanted = places.filter((place) => place.layer === layer.index);
    const { entries } = records[layer.index - 1] as LayerRecord;
    for (let start = 0; start < wanted.length; start += BODIES_AT_ONCE) {
      const batch = wanted.slice(start, start + BODIES_AT_ONCE);
      const ranges = batch.map(({ index }) => ({ bodyOffset: entries.bodyOffset(index), size: entries.size(index) }));
      const where = `${image.reference}: layer ${layer.index}`;
      const found = await hashBodies(layer.at, ranges, { where, ...(signal && { signal }) });
      for (const [i, { index }] of batch.entries()) known.set(index, found[i] as Digest);
    }
  }
  return places.length === 0 ? tree : tree.withDigests(({ layer, index }) => digests[layer - 1]?.get(index));
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

function checkLayer(image: Image, layer: number): void {
  if (Number.isInteger(layer) && layer >= 1 && layer <= image.layers.length) return;
  throw new DlintError('E_USAGE', `there is no layer ${layer}`, {
    where: `--layer ${layer}`,
    hint: `${image.reference} has ${counted(image.layers.length, 'layer')}; 1 is the lowest`,
  });
}
