import type { Image } from '../layers/image.ts';
import { type InspectedImage, type OpenInspectedOptions, openInspected } from '../layers/inspect.ts';
import { instructionOf } from '../layers/instruction.ts';
import { maskFor } from '../layers/report.ts';
import type { ScanProgress } from '../layers/scan-layers.ts';
import type { BrowsedImage } from './browsed-image.ts';
import { Preview } from './preview.ts';
import type { AnnouncedLayer, Reading } from './state.ts';

/** Reads an image, and tells how far that is whenever it is known better; meanwhile it shows what is there. */
export async function load(
  reference: string,
  options: Omit<OpenInspectedOptions, 'onImage' | 'onProgress'> & Pick<OpenInspectedOptions, 'onImage'>,
  onReading: (reading: Reading) => void,
  onPreview: (image: BrowsedImage) => void,
): Promise<InspectedImage> {
  const preview = new Preview(options.tool, onPreview);
  let layers: readonly AnnouncedLayer[] = [];
  let name = reference;
  const onImage = (image: Image): void => {
    layers = announced(image);
    name = image.reference;
    onReading({ reference: name, layers, done: 0, total: layers.reduce((sum, { length }) => sum + length, 0) });
    options.onImage?.(image);
    preview.open(image);
  };
  const onProgress = ({ done, total, byLayer }: ScanProgress): void => {
    const read = layers.map((layer) => ({ ...layer, done: byLayer?.get(layer.index) ?? layer.done }));
    onReading({ reference: name, layers: read, done, total });
  };
  const onRecord = preview.add.bind(preview);
  try {
    const inspected = await openInspected(reference, { ...options, onImage, onProgress, onRecord });
    // Takes a moment on large images, so it is better done while something is said to go on.
    inspected.report.dive();
    return inspected;
  } finally {
    preview.close();
  }
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
