import { DlintError } from '../errors.ts';
import { counted } from '../report/units.ts';
import type { Image } from './image.ts';

/**
 * Layers count from 1.
 * @throws DlintError E_USAGE when the image has no such layer
 */
export function checkLayer(image: Pick<Image, 'reference' | 'layers'>, layer: number): void {
  if (Number.isInteger(layer) && layer >= 1 && layer <= image.layers.length) return;
  throw new DlintError('E_USAGE', `there is no layer ${layer}`, {
    where: `--layer ${layer}`,
    hint: `${image.reference} has ${counted(image.layers.length, 'layer')}; 1 is the lowest`,
  });
}
