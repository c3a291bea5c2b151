import { printable } from '../../inspect-name.ts';
import { byteSize, counted, percent } from '../../units.ts';
import type { Cell } from './map-cells.ts';
import type { Model } from './model.ts';
import { layerHue } from './theme.ts';
import { CAUSES, contentWeights, type Weights, wasteWeights } from './weights.ts';

/** What the map shows: content or waste, of the image or a layer, and the directory it is opened at. */
export interface MapScene {
  readonly model: Model;
  readonly isWaste: boolean;
  readonly weights: Weights;
  readonly at: number;
}

/** Hues in degrees: green and amber; red, amber, violet, blue. */
const CHANGES = [
  { name: 'added', hue: 152 },
  { name: 'modified', hue: 75 },
] as const;
const DEATHS: Readonly<Record<(typeof CAUSES)[number], { readonly name: string; readonly hue: number }>> = {
  removed: { name: 'removed later', hue: 25 },
  overwritten: { name: 'overwritten', hue: 75 },
  metadata: { name: 'stored again for mode or owner', hue: 305 },
  rewritten: { name: 'stored again unchanged', hue: 240 },
};
const MOST_LAYERS = 14;

export function weigh({ tables, data, last, layer }: Model, isWaste: boolean): Weights {
  return isWaste ? wasteWeights(tables, data.ends, { layer }) : contentWeights(tables, data.states, last, { layer });
}

interface Tone {
  readonly name: string;
  readonly hue: number;
}

export function toneOf({ isWaste, model }: MapScene, tone: number): Tone {
  if (isWaste) return DEATHS[CAUSES[tone] ?? 'removed'];
  return model.layer === null ? { name: `layer ${tone}`, hue: layerHue(tone) } : (CHANGES[tone] ?? CHANGES[0]);
}

export function legendOf({ isWaste, model }: MapScene): readonly Tone[] {
  if (isWaste) return CAUSES.map((cause) => DEATHS[cause]);
  if (model.layer !== null) return CHANGES;
  return largestLayers(model).map((layer) => ({ name: `layer ${layer}`, hue: layerHue(layer) }));
}

/** The sum of the map, and of what. */
export function titleOf({ isWaste, model, weights }: MapScene): string {
  const { layer, data } = model;
  const sum = weights.bytes[0] as number;
  const linked = sum > data.liveBytes ? ', each hard link counted' : '';
  const image = isWaste ? 'that nothing reaches' : `in the final image, coloured by layer${linked}`;
  const ofLayer = isWaste ? `of waste that layer ${layer} stores or causes` : `that layer ${layer} added or modified`;
  return `${byteSize(sum)} ${layer === null ? image : ofLayer}`;
}

/** A cell in words: path, size, share of what is on show, and what its colour says. */
export function describeCell(scene: MapScene, { kind, node, count, bytes }: Cell): string {
  const { model, weights, at } = scene;
  const path = `/${printable(model.tables.paths.path(node))}`;
  const parts = [
    `${kind === 'rest' ? `${counted(count, 'smaller thing')} in ${path}` : path}: ${byteSize(bytes)}`,
    percent(bytes, weights.bytes[at] as number),
    ...(kind === 'directory' ? [counted(weights.files[node] as number, 'file')] : []),
    ...(kind === 'file' ? [toneOf(scene, weights.tone[node] as number).name] : []),
  ];
  return parts.join(', ');
}

/** Layers by what they have in the final image, at most so many as a legend can name; in order. */
function largestLayers({ data, tables, last }: Model): number[] {
  const bytes = new Map<number, number>();
  for (const row of last) {
    if (row < 0 || data.states[tables.changes.state[row] as number]?.[0] === 'removed') continue;
    const layer = tables.changes.layer[row] as number;
    bytes.set(layer, (bytes.get(layer) ?? 0) + (tables.changes.size[row] as number));
  }
  return [...bytes]
    .filter(([, sum]) => sum > 0)
    .sort(([, a], [, b]) => b - a)
    .slice(0, MOST_LAYERS)
    .map(([layer]) => layer)
    .sort((a, b) => a - b);
}
