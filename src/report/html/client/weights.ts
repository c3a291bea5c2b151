import type { EndRow, PageData, StateRow } from '../page-data.ts';
import type { PageTables } from './read-data.ts';

/** What is on show: all of the image or one layer of it. */
export interface Scope {
  readonly layer: number | null;
}

/** Bytes at nodes, summed up to the root; and what colours a leaf. */
export interface Weights {
  readonly bytes: Float64Array;
  readonly files: Int32Array;
  /** Of the heaviest file at or below the node: a layer, or an index into the legend; -1 where there is none. */
  readonly tone: Int32Array;
}

/** For each node the last row of its changes, or -1: what became of it in the end. */
export function lastRows({ paths, changes }: PageTables): Int32Array {
  const last = new Int32Array(paths.size).fill(-1);
  for (let row = 0; row < changes.length; row++) last[changes.node[row] as number] = row;
  return last;
}

/** Files of the final image; with a layer, those that it added or modified. */
export function contentWeights(
  tables: PageTables,
  states: readonly StateRow[],
  last: Int32Array,
  { layer }: Scope,
): Weights {
  const { changes } = tables;
  const weights = emptyWeights(tables.paths.size);
  for (let row = 0; row < changes.length; row++) {
    const node = changes.node[row] as number;
    if (layer === null ? last[node] !== row : changes.layer[row] !== layer) continue;
    const [change, kind] = states[changes.state[row] as number] as StateRow;
    if (change === 'removed' || kind !== 'file') continue;
    const tone = layer === null ? (changes.layer[row] as number) : change === 'added' ? 0 : 1;
    put(weights, node, changes.size[row] as number, tone);
  }
  return sumUp(weights, tables);
}

export const CAUSES: readonly EndRow[1][] = ['removed', 'overwritten', 'metadata', 'rewritten'];

/** Bodies that nothing reaches; with a layer, those that it stores or made unreachable. */
export function wasteWeights(tables: PageTables, ends: PageData['ends'], { layer }: Scope): Weights {
  const { dead } = tables;
  const weights = emptyWeights(tables.paths.size);
  for (let row = 0; row < dead.length; row++) {
    const [killedBy, cause] = ends[dead.end[row] as number] as EndRow;
    if (layer !== null && dead.layer[row] !== layer && killedBy !== layer) continue;
    put(weights, dead.node[row] as number, dead.size[row] as number, CAUSES.indexOf(cause));
  }
  return sumUp(weights, tables);
}

function emptyWeights(size: number): Weights {
  return { bytes: new Float64Array(size), files: new Int32Array(size), tone: new Int32Array(size).fill(-1) };
}

function put({ bytes, files, tone }: Weights, node: number, size: number, value: number): void {
  bytes[node] = (bytes[node] as number) + size;
  files[node] = (files[node] as number) + 1;
  tone[node] = value;
}

/**
 * The weight of the heaviest file below each node says which tone a directory has that is too small to be opened.
 * A node's number is greater than its parent's, so one pass from the end does.
 */
function sumUp(weights: Weights, { paths }: PageTables): Weights {
  const { bytes, files, tone } = weights;
  const heaviest = bytes.slice();
  for (let node = paths.size - 1; node > 0; node--) {
    const parent = paths.parent(node);
    if (tone[node] !== -1 && (heaviest[node] as number) >= (heaviest[parent] as number)) {
      heaviest[parent] = heaviest[node] as number;
      tone[parent] = tone[node] as number;
    }
    bytes[parent] = (bytes[parent] as number) + (bytes[node] as number);
    files[parent] = (files[parent] as number) + (files[node] as number);
  }
  return weights;
}
