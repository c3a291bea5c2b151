import type { Digest } from '../report/finding.ts';
import type { SharedLayer, SharedReport } from '../report/shared-report.ts';
import type { Image, Layer } from './image.ts';
import { instructionOf } from './instruction.ts';
import { openImage } from './open.ts';
import type { LayerRecord } from './record.ts';
import { maskFor } from './report.ts';
import { scanArchive } from './scan-archive.ts';
import { scanLayers } from './scan-layers.ts';
import { openStream } from './sources/streams.ts';
import type { StackImageOptions } from './stacked-image.ts';

/** A layer of one image: what it holds, and on what it lies. */
interface Placed {
  /** 1-based number of the image. */
  readonly image: number;
  readonly diffId: Digest | null;
  /** Equal for layers of the same content. */
  readonly key: string;
  /** Equal where all the layers below are the same, too. */
  readonly chain: string;
  readonly storedBytes: number;
  readonly instruction: string;
}

type Options = Pick<StackImageOptions, 'platform' | 'insecure' | 'signal' | 'scratch' | 'onProgress'>;

/** What several images have in common. A layer that more than one holds is read once. Errors: those of opening and scanning. */
export async function compareLayers(
  references: readonly string[],
  tool: SharedReport['tool'],
  options: Options = {},
): Promise<SharedReport> {
  const sizes = new Map<string, number>();
  const images: Image[] = [];
  const placed: Placed[] = [];
  for (const [i, reference] of references.entries()) {
    const { image, scan } = await open(reference, options);
    images.push(image);
    placed.push(...(await place(image, i + 1, sizes, scan)));
  }
  const layers = distinctLayers(placed);
  const matrix = images.map((_, i) => images.map((__, j) => sharedBytes(layers, i + 1, j + 1)));
  const own = (number: number) => sum(layers.filter(({ images: all }) => all.length === 1 && all[0] === number));
  const chains = new Map(placed.map(({ chain, storedBytes }) => [chain, storedBytes]));
  return {
    tool,
    images: images.map(({ reference, imageId, layers: { length } }, i) => ({
      reference,
      imageId,
      layers: length,
      storedBytes: sum(placed.filter((one) => one.image === i + 1)),
      ownBytes: own(i + 1),
    })),
    matrix,
    totals: {
      sumBytes: sum(placed),
      distinctBytes: sum(layers),
      hostBytes: [...chains.values()].reduce((total, bytes) => total + bytes, 0),
    },
    layers,
  };
}

/** Gives the records of some of an image's layers. */
type Scan = (layers: readonly Layer[]) => readonly LayerRecord[] | Promise<readonly LayerRecord[]>;

/** What can be read only once is read at once, all layers of it. */
async function open(reference: string, options: Options): Promise<{ image: Image; scan: Scan }> {
  const { signal, onProgress } = options;
  const reading = { hash: false, ...(signal && { signal }), ...(onProgress && { onProgress }) };
  const stream = openStream(reference);
  if (stream) {
    // Whether the config states what its layers are is not known before they have passed.
    const passed = await scanArchive(stream, [], { reference, verify: true, ...reading });
    const image = await openImage(reference, { ...options, store: passed.store });
    return { image, scan: (layers) => passed.records({ reference: image.reference, layers }) };
  }
  const image = await openImage(reference, options);
  return {
    image,
    scan: (layers) => {
      // Only reading all of a layer tells what nothing states.
      const verify = layers.some(({ diffId }) => diffId === null);
      return scanLayers({ reference: image.reference, layers }, [], { ...reading, verify });
    },
  };
}

async function place(image: Image, number: number, sizes: Map<string, number>, scan: Scan): Promise<Placed[]> {
  const unknown = image.layers.filter(({ diffId }) => diffId === null || !sizes.has(diffId));
  const records = await scan(unknown);
  const ids = new Map<Layer, Digest | null>();
  for (const [i, layer] of unknown.entries()) {
    const diffId = layer.diffId ?? records[i]?.diffId ?? null;
    ids.set(layer, diffId);
    sizes.set(diffId ?? nameOf(image, layer), records[i]?.storedBytes ?? 0);
  }
  const mask = maskFor(image.config);
  let chain = '';
  return image.layers.map((layer) => {
    const diffId = layer.diffId ?? ids.get(layer) ?? null;
    const key = diffId ?? nameOf(image, layer);
    chain += ` ${key}`;
    const instruction = instructionOf(layer.createdBy === null ? null : mask(layer.createdBy));
    return { image: number, diffId, key, chain, storedBytes: sizes.get(key) ?? 0, instruction };
  });
}

function nameOf(image: Image, { index }: Layer): string {
  return `layer ${index} of ${image.reference}`;
}

function distinctLayers(placed: readonly Placed[]): SharedLayer[] {
  const groups = new Map<string, Placed[]>();
  for (const one of placed) {
    const group = groups.get(one.key);
    if (group) group.push(one);
    else groups.set(one.key, [one]);
  }
  const layers = [...groups.values()].map((group) => {
    const { diffId, storedBytes, instruction } = group[0] as Placed;
    const images = [...new Set(group.map(({ image }) => image))];
    return { diffId, storedBytes, instruction, images, copies: new Set(group.map(({ chain }) => chain)).size };
  });
  return layers.sort((a, b) => b.images.length - a.images.length || b.storedBytes - a.storedBytes);
}

/** Of two images; a layer that one of them has twice counts once. */
function sharedBytes(layers: readonly SharedLayer[], a: number, b: number): number {
  return sum(layers.filter(({ images }) => images.includes(a) && images.includes(b)));
}

function sum(list: readonly { readonly storedBytes: number }[]): number {
  return list.reduce((total, { storedBytes }) => total + storedBytes, 0);
}
