import { layerCount, type Pane, type State } from './state.ts';

/** Cells of the screen, the title of the pane included; from 0. */
export interface Area {
  readonly x: number;
  readonly y: number;
  readonly width: number;
  readonly height: number;
}

export type Layout = Readonly<Partial<Record<Pane, Area>>>;

/** Fewer cells than this show nothing but a request for more. */
export const LEAST = { columns: 20, rows: 5 };

/** Lines that are no pane's: the head, and at the bottom what is selected and the keys. */
const HEAD = 1;
const FOOT = 2;

/**
 * Where the panes are: side by side where there is room, one above the other on 80×24, else the one that has the
 * keyboard.
 */
export function layoutOf(state: Pick<State, 'size' | 'pane' | 'lower' | 'image' | 'reading'>): Layout {
  const { columns, rows } = state.size;
  const height = rows - HEAD - FOOT;
  const whole: Area = { x: 0, y: HEAD, width: columns, height };
  if (columns >= 110 && rows >= 16) return sideBySide(whole, linesOf(state as State));
  if (columns >= 40 && rows >= 14) {
    const top = Math.min(linesOf(state as State), Math.max(5, Math.floor(height * 0.4)));
    return {
      layers: { ...whole, height: top },
      [state.lower]: { ...whole, y: HEAD + top, height: height - top },
    };
  }
  return { [state.pane]: whole };
}

function sideBySide(whole: Area, lines: number): Layout {
  const width = Math.min(90, Math.floor(whole.width * 0.44));
  const top = Math.min(lines, Math.floor(whole.height * 0.45));
  return {
    layers: { ...whole, width, height: top },
    details: { ...whole, y: whole.y + top, width, height: whole.height - top },
    tree: { ...whole, x: width + 1, width: whole.width - width - 1 },
  };
}

function linesOf(state: State): number {
  return Math.max(4, layerCount(state) + 2);
}

/** Lines of a pane below its title, and below its column heads. */
export function bodyHeight(area: Area | undefined, heads: number): number {
  return Math.max(0, (area?.height ?? 0) - heads);
}

/** Lines above the first line of the layers and of the tree. */
export const HEADS: Readonly<Record<Pane, number>> = { layers: 2, tree: 1, details: 1 };

/** The first line shown, moved as little as shows line `index`. */
export function scrolled(top: number, index: number, height: number, count: number): number {
  const last = Math.max(0, count - height);
  const low = Math.max(0, index - height + 1);
  return Math.max(0, Math.min(Math.max(top, low), index, last));
}
