import type { LayerReport } from '../report/image-report.ts';
import type { BrowsedImage, Selection } from './browsed-image.ts';
import type { Pager } from './pager.ts';
import type { Pattern } from './pattern.ts';
import { ALL_CLOSED, ALL_OPEN, type Open, type Shown, type Sort } from './rows.ts';

export type Pane = 'layers' | 'tree' | 'details';

/** In terminal cells. */
export interface Size {
  readonly columns: number;
  readonly rows: number;
}

/** What is known of a layer before it has been read. */
export interface AnnouncedLayer {
  readonly index: number;
  readonly instruction: string;
  /** Bytes of the layer as stored. */
  readonly length: number;
  /** Bytes of it that were read. */
  readonly done: number;
}

/** How far the reading of the image is. */
export interface Reading {
  readonly reference: string;
  readonly layers: readonly AnnouncedLayer[];
  readonly done: number;
  /** Null where it is not known. */
  readonly total: number | null;
}

/** A line that is being typed. */
export interface Prompt {
  readonly for: 'filter' | 'search';
  readonly text: string;
  /** What the text means; absent where it is empty, or no pattern. */
  readonly pattern?: Pattern;
  /** The filter that held before. */
  readonly before: Pattern | undefined;
  readonly problem?: string;
}

/** Which directories are open; what a filter, or the choice of changes alone, shows is open from the beginning. */
export interface OpenIn {
  readonly all: Open;
  readonly changes: Open;
  readonly filtered: Open;
}

/** What the program is asked to do that a pure function cannot. */
export type Wish =
  | { readonly to: 'quit'; readonly code: 0 | 130 }
  | { readonly to: 'suspend' }
  | { readonly to: 'redraw' }
  | { readonly to: 'stop-reading' }
  | {
      readonly to: 'read';
      readonly layer: number;
      readonly path: string;
      readonly bodyOffset: number;
      readonly size: number;
    };

/** Everything that is on the screen comes from here. Never changed: `update` makes a new one. */
export interface State {
  readonly size: Size;
  readonly reading: Reading;
  /** Once it has been read. */
  readonly whole: BrowsedImage | undefined;
  /** Its lowest layers, as far as they are read. */
  readonly preview: BrowsedImage | undefined;
  /** Of these what has the selected layer. */
  readonly image: BrowsedImage | undefined;
  readonly pane: Pane;
  /** Which of tree and details is shown where there is room for one. */
  readonly lower: 'tree' | 'details';
  /** From 1. */
  readonly layer: number;
  readonly layersTop: number;
  /** Number of the selected path, see `LayerTree`; 0 before one was selected. */
  readonly node: number;
  readonly treeTop: number;
  readonly detailsTop: number;
  readonly open: OpenIn;
  readonly shown: Shown;
  readonly sort: Sort;
  /** Whether the changes of all layers above the lowest, or the base, are marked together. */
  readonly isAggregated: boolean;
  readonly filter: Pattern | undefined;
  readonly search: Pattern | undefined;
  readonly prompt: Prompt | undefined;
  readonly pager: Pager | undefined;
  readonly isHelp: boolean;
  /** Said in the last line until the next key. */
  readonly message: string | undefined;
  readonly wish: Wish | undefined;
}

export const EVERYTHING: Shown = { added: true, modified: true, removed: true, unmodified: true };
export const CHANGES_ONLY: Shown = { ...EVERYTHING, unmodified: false };

export interface StartOptions {
  readonly reference: string;
  readonly size: Size;
  /** Selected at first; default the first that is listed. */
  readonly layer?: number;
  readonly filter?: Pattern;
  readonly sort?: Sort;
  readonly shown?: Shown;
}

export function startState({
  reference,
  size,
  layer = 1,
  filter,
  sort = 'name',
  shown = EVERYTHING,
}: StartOptions): State {
  return {
    size,
    reading: { reference, layers: [], done: 0, total: null },
    whole: undefined,
    preview: undefined,
    image: undefined,
    pane: 'layers',
    lower: 'tree',
    layer,
    layersTop: 0,
    node: 0,
    treeTop: 0,
    detailsTop: 0,
    open: { all: ALL_CLOSED, changes: ALL_OPEN, filtered: ALL_OPEN },
    shown,
    sort,
    isAggregated: false,
    filter,
    search: undefined,
    prompt: undefined,
    pager: undefined,
    isHelp: false,
    message: undefined,
    wish: undefined,
  };
}

/** Which set of open directories holds. */
export function openName({ filter, shown }: Pick<State, 'filter' | 'shown'>): keyof OpenIn {
  if (filter) return 'filtered';
  return shown.unmodified ? 'all' : 'changes';
}

export function selectionOf(state: State): Selection {
  const { layer, shown, filter, sort, open } = state;
  return { layer, since: sinceOf(state), shown, filter, sort, open: open[openName(state)] };
}

/** The lowest layer whose changes are marked. */
export function sinceOf({ layer, isAggregated, image }: State): number {
  return isAggregated ? Math.min(layer, (image?.report.base?.base.layers ?? 1) + 1) : layer;
}

/** What can be shown of the selected layer. */
export function imageOf({
  whole,
  preview,
  layer,
}: Pick<State, 'whole' | 'preview' | 'layer'>): BrowsedImage | undefined {
  return whole ?? (preview && layer <= preview.layerCount ? preview : undefined);
}

export function layerOf({ image, layer }: State): LayerReport | undefined {
  return image?.report.layers[layer - 1];
}

/** Number of layers, as far as it is known. */
export function layerCount({ whole, reading }: State): number {
  return whole?.layerCount ?? reading.layers.length;
}
