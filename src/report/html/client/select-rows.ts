import type { StateRow } from '../page-data.ts';
import type { PageTables } from './read-data.ts';

/** Which rows the table of files has, and in which order. */
export interface Selection {
  readonly layer: number | null;
  /** `final`: what is left in the end; else changes, all or of one kind. */
  readonly show: 'final' | 'all' | StateRow[0];
  /** Words that all have to be in the path, in any case. */
  readonly words: string;
  readonly sort: SortKey;
  readonly descending: boolean;
}

export type SortKey = 'path' | 'size' | 'layer' | 'change' | 'mode' | 'owner' | 'time';

export interface SelectedRows {
  readonly rows: Int32Array;
  /** Sum of the sizes of the files among them. */
  readonly bytes: number;
}

export function selectRows(
  tables: PageTables,
  states: readonly StateRow[],
  last: Int32Array,
  selection: Selection,
): SelectedRows {
  const { changes, paths } = tables;
  const { layer, show } = selection;
  const isMatch = matcherOf(selection.words, paths.size, () => paths.lowered());
  const found = new Int32Array(changes.length);
  let length = 0;
  let bytes = 0;
  for (let row = 0; row < changes.length; row++) {
    if (layer !== null && changes.layer[row] !== layer) continue;
    const node = changes.node[row] as number;
    const [change, kind] = states[changes.state[row] as number] as StateRow;
    if (show === 'final' ? last[node] !== row || change === 'removed' : show !== 'all' && change !== show) continue;
    if (!isMatch(node)) continue;
    found[length++] = row;
    if (kind === 'file') bytes += changes.size[row] as number;
  }
  return { rows: sortRows(found.slice(0, length), tables, states, selection), bytes };
}

/** A path is looked at once, however many rows it has. */
function matcherOf(text: string, size: number, pathsOf: () => readonly string[]): (node: number) => boolean {
  const words = text
    .toLowerCase()
    .split(/\s+/)
    .filter((word) => word !== '')
    .map((word) => word.replace(/^\/+(?=.)/, ''));
  if (words.length === 0) return () => true;
  const paths = pathsOf();
  const known = new Int8Array(size);
  return (node) => {
    if (known[node] === 0) known[node] = words.every((word) => (paths[node] as string).includes(word)) ? 1 : -1;
    return known[node] === 1;
  };
}

function sortRows(
  rows: Int32Array,
  { changes, paths }: PageTables,
  states: readonly StateRow[],
  { sort, descending }: Selection,
): Int32Array {
  const ranks = paths.ranks();
  const stateOrder = (compare: (a: StateRow, b: StateRow) => number) => placesOf(states, compare);
  const keys: Record<SortKey, () => (row: number) => number> = {
    path: () => () => 0,
    size: () => (row) => changes.size[row] as number,
    layer: () => (row) => changes.layer[row] as number,
    time: () => (row) => changes.time[row] as number,
    change: () => byState(stateOrder(([a], [b]) => (a < b ? -1 : a > b ? 1 : 0))),
    mode: () => byState(stateOrder(([, , a], [, , b]) => a - b)),
    owner: () => byState(stateOrder((a, b) => a[3] - b[3] || a[4] - b[4])),
  };
  const byState = (places: Int32Array) => (row: number) => places[changes.state[row] as number] as number;
  const key = keys[sort]();
  const values = Float64Array.from(rows, key);
  const order = Int32Array.from(rows, (_, i) => i);
  const sign = descending ? -1 : 1;
  const rankSign = sort === 'path' ? sign : 1;
  order.sort((a, b) => {
    const difference = (values[a] as number) - (values[b] as number);
    if (difference !== 0) return sign * difference;
    const [rowA, rowB] = [rows[a] as number, rows[b] as number];
    const rank = (ranks[changes.node[rowA] as number] as number) - (ranks[changes.node[rowB] as number] as number);
    return rank === 0 ? rowA - rowB : rankSign * rank;
  });
  return order.map((i) => rows[i] as number);
}

/** Equal states get equal places. */
function placesOf(states: readonly StateRow[], compare: (a: StateRow, b: StateRow) => number): Int32Array {
  const order = states.map((_, i) => i).sort((a, b) => compare(states[a] as StateRow, states[b] as StateRow));
  const places = new Int32Array(states.length);
  let place = 0;
  for (const [i, state] of order.entries()) {
    if (i > 0 && compare(states[order[i - 1] as number] as StateRow, states[state] as StateRow) !== 0) place++;
    places[state] = place;
  }
  return places;
}
