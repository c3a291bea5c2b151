import { checkLayer } from './check-layer.ts';
import type { Image } from './image.ts';
import type { StackedTree } from './image-tree.ts';
import { type OpenOptions, openImage } from './open.ts';
import type { LayerRecord, ProbeRequest } from './record.ts';
import { type ScanLayersOptions, scanLayers } from './scan-layers.ts';
import { stackOf } from './stack-cache.ts';

/** An image with what its layers hold. */
export interface StackedImage {
  readonly image: Image;
  /** One for each layer that was asked for, lowest first. */
  readonly records: readonly LayerRecord[];
  readonly tree: StackedTree;
}

export interface StackImageOptions
  extends Pick<OpenOptions, 'platform' | 'image' | 'insecure' | 'signal' | 'scratch'>,
    Pick<ScanLayersOptions, 'onProgress' | 'verify' | 'hash' | 'cache'> {
  /** 1-based: the image as it was after this layer. */
  readonly layer?: number;
  readonly probes?: readonly ProbeRequest[];
}

/** Opens an image, lists its layers and lays them on one another. Errors: those of `openImage` and `scanLayers`, `E_USAGE`. */
export async function stackImage(reference: string, options: StackImageOptions = {}): Promise<StackedImage> {
  const { layer, probes = [], signal, onProgress, verify, hash, cache } = options;
  const image = await openImage(reference, options);
  if (layer !== undefined) checkLayer(image, layer);
  const layers = layer === undefined ? image.layers : image.layers.slice(0, layer);
  const records = await scanLayers({ reference: image.reference, layers }, probes, {
    ...(verify !== undefined && { verify }),
    // Records that are kept are the same for all, and those have hashes.
    ...(hash !== undefined && !cache && { hash }),
    ...(signal && { signal }),
    ...(cache && { cache }),
    ...(onProgress && { onProgress }),
  });
  return { image, records, tree: stackOf(layers, records, cache) };
}
