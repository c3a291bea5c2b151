import type { Image } from '../layers/image.ts';
import { type InspectedImage, type OpenInspectedOptions, openInspected } from '../layers/inspect.ts';
import { instructionOf } from '../layers/instruction.ts';
import { maskFor } from '../layers/report.ts';
import type { ScanProgress } from '../layers/scan-layers.ts';
import type { AnnouncedLayer, Reading } from './state.ts';

/** Reads an image, and tells how far that is whenever it is known better. */
export async function load(
  reference: string,
  options: Omit<OpenInspectedOptions, 'onImage' | 'onProgress'>,
  onReading: (reading: Reading) => void,
): Promise<InspectedImage> {
  let layers: readonly AnnouncedLayer[] = [];
  let name = reference;
  const onImage = (image: Image): void => {
    layers = announced(image);
    name = image.reference;
    onReading({ reference: name, layers, done: 0, total: layers.reduce((sum, { length }) => sum + length, 0) });
  };
  const onProgress = ({ done, total, byLayer }: ScanProgress): void => {
    const read = layers.map((layer) => ({ ...layer, done: byLayer?.get(layer.index) ?? layer.done }));
    onReading({ reference: name, layers: read, done, total });
  };
  const inspected = await openInspected(reference, { ...options, onImage, onProgress });
  // Takes a moment on large images, so it is better done while something is said to go on.
  inspected.report.dive();
  return inspected;
}

function announced(image: Image): AnnouncedLayer[] {
  const mask = maskFor(image.config);
  return image.layers.map(({ index, createdBy, at }) => ({
    index,
    instruction: instructionOf(createdBy === null ? null : mask(createdBy)),
    length: at.length,
    done: 0,
  }));
}
