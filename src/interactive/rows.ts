import { CHANGES, type LayerTree, type SiblingOrder } from '../layers/image-tree.ts';

/** Directories that are open: all but some, or some. */
export interface Open {
  readonly isAll: boolean;
  readonly except: ReadonlySet<number>;
}

export const ALL_OPEN: Open = { isAll: true, except: new Set() };
export const ALL_CLOSED: Open = { isAll: false, except: new Set() };

export function isOpen({ isAll, except }: Open, node: number): boolean {
  return isAll !== except.has(node);
}

export function withOpen(open: Open, nodes: Iterable<number>, value: boolean): Open {
  const except = new Set(open.except);
  for (const node of nodes) {
    if (open.isAll === value) except.delete(node);
    else except.add(node);
  }
  return { isAll: open.isAll, except };
}

/** Which paths are shown by what became of them. */
export interface Shown {
  readonly added: boolean;
  readonly modified: boolean;
  readonly removed: boolean;
  readonly unmodified: boolean;
}

export type Sort = 'name' | 'size';

/** The lines of a tree, as far as it is open. */
export interface Rows {
  readonly nodes: Int32Array;
  /** 0 for what lies in the root. */
  readonly depths: Uint16Array;
}

/** By path: 1 for those that are chosen, and for the directories that lead to them. */
export function keptPaths(tree: LayerTree, shown: Shown, matches: Uint8Array | undefined): Uint8Array {
  const { listed, changes, size } = tree;
  const kept = new Uint8Array(size);
  const isShown = CHANGES.map((change) => shown[change ?? 'unmodified']);
  for (let node = size - 1; node > 0; node--) {
    if (kept[node] === 0) {
      if (listed[node] === 0 || !isShown[changes[node] as number] || (matches && matches[node] === 0)) continue;
      kept[node] = 1;
    }
    kept[tree.parent(node)] = 1;
  }
  return kept;
}

/** The same siblings, the largest first; equal sizes stay in the order of their names. */
export function orderBySize({ starts, nodes }: SiblingOrder, bytes: Float64Array, kept: Uint8Array): SiblingOrder {
  const sorted = nodes.slice();
  for (let parent = 0; parent < kept.length; parent++) {
    const start = starts[parent] as number;
    const end = starts[parent + 1] as number;
    if (end - start < 2 || kept[parent] === 0) continue;
    const siblings = sorted.subarray(start, end);
    if (siblings.length <= FEW) insert(siblings, bytes);
    else sortMany(siblings, bytes);
  }
  return { starts, nodes: sorted };
}

/** So many are sorted in place faster than by anything that has to be called. */
const FEW = 24;
/** Numbers that hold a size and a place among siblings exactly. */
const PLACES = 2 ** 20;
const LARGEST = 2 ** 33;

function insert(siblings: Int32Array, bytes: Float64Array): void {
  for (let i = 1; i < siblings.length; i++) {
    const node = siblings[i] as number;
    const size = bytes[node] as number;
    let at = i;
    for (; at > 0 && (bytes[siblings[at - 1] as number] as number) < size; at--)
      siblings[at] = siblings[at - 1] as number;
    siblings[at] = node;
  }
}

/** Plain numbers are sorted several times as fast as by a function that compares. */
function sortMany(siblings: Int32Array, bytes: Float64Array): void {
  const before = siblings.slice();
  const keys = new Float64Array(before.length);
  let isExact = before.length <= PLACES;
  for (let i = 0; i < before.length; i++) {
    const size = bytes[before[i] as number] as number;
    isExact &&= size < LARGEST;
    keys[i] = i - size * PLACES;
  }
  if (!isExact) siblings.sort((a, b) => (bytes[b] as number) - (bytes[a] as number));
  else {
    keys.sort();
    for (let i = 0; i < before.length; i++) {
      const key = keys[i] as number;
      siblings[i] = before[key - Math.floor(key / PLACES) * PLACES] as number;
    }
  }
}

/** Depth first with a stack of its own: paths may be nested deeper than calls. */
export function treeRows({ starts, nodes: order }: SiblingOrder, kept: Uint8Array, open: Open): Rows {
  const nodes = new Int32Array(kept.length);
  const depths = new Uint16Array(kept.length);
  let count = 0;
  const next = [starts[0] as number];
  const ends = [starts[1] as number];
  while (next.length > 0) {
    const level = next.length - 1;
    const at = next[level] as number;
    if (at >= (ends[level] as number)) {
      next.pop();
      ends.pop();
      continue;
    }
    next[level] = at + 1;
    const node = order[at] as number;
    if (kept[node] === 0) continue;
    nodes[count] = node;
    depths[count++] = Math.min(level, 0xffff);
    const start = starts[node] as number;
    const end = starts[node + 1] as number;
    if (end === start || !isOpen(open, node)) continue;
    next.push(start);
    ends.push(end);
  }
  return { nodes: nodes.slice(0, count), depths: depths.slice(0, count) };
}
