import { DlintError } from '../errors.ts';
import { counted } from '../report/units.ts';
import type { Image } from './image.ts';
import { type OpenOptions, openImage } from './open.ts';
import type { LayerRecord } from './record.ts';

/** Which of an image's layers are its base image's. */
export interface BaseImage {
  /** As given. */
  readonly reference: string;
  readonly layers: number;
  readonly warnings: readonly string[];
}

/**
 * The base that the user names: a number of layers, or an image whose layers are the lowest here, by their diffIds.
 * Errors: those of `openImage`; `E_USAGE` when there are fewer layers, or no layer is shared.
 */
export async function findBase(
  image: Image,
  records: readonly LayerRecord[],
  base: string,
  options: OpenOptions,
): Promise<BaseImage> {
  if (/^\d{1,6}$/.test(base)) return countedBase(image, Number(base));
  const other = await openImage(base, options);
  const known = image.layers.map(({ diffId }, i) => diffId ?? records[i]?.diffId ?? null);
  let shared = 0;
  while (shared < other.layers.length && known[shared] && known[shared] === other.layers[shared]?.diffId) shared++;
  if (shared === 0) {
    throw new DlintError('E_USAGE', `${image.reference} is not built on ${base}`, {
      where: '--base: the lowest layers have different diffIds',
      hint: 'name the very version it was built on, or the number of layers that belong to the base: --base 3',
    });
  }
  const rest = other.layers.length - shared;
  return {
    reference: base,
    layers: shared,
    warnings: rest === 0 ? [] : [`only the lowest ${shared} of its ${counted(other.layers.length, 'layer')} are here`],
  };
}

function countedBase(image: Image, layers: number): BaseImage {
  if (layers >= 1 && layers <= image.layers.length) return { reference: String(layers), layers, warnings: [] };
  throw new DlintError('E_USAGE', `a base of ${counted(layers, 'layer')} cannot be`, {
    where: `--base ${layers}`,
    hint: `${image.reference} has ${counted(image.layers.length, 'layer')}`,
  });
}
