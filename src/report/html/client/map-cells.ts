import type { PathTree } from './path-tree.ts';
import { type Rectangle, squarify } from './squarify.ts';
import type { Weights } from './weights.ts';

export interface Cell extends Rectangle {
  /** The directory or file; for what is too small to be shown, the directory it is in. */
  readonly node: number;
  /** From the directory around it: `a/b/` where `b/` is all that `a/` has. */
  readonly name: string;
  /** 0 for what is right inside the directory on show. */
  readonly depth: number;
  readonly kind: 'directory' | 'file' | 'rest';
  readonly bytes: number;
  /** Things in it, where it is a rest. */
  readonly count: number;
  /** A directory whose contents are drawn inside of it. */
  readonly isOpen: boolean;
}

const TITLE = 18;
const GAP = 2;
/** Smaller directories are not opened. */
const LEAST_OPEN = { width: 46, height: 34 };
/** Square pixels that a thing needs to be drawn by itself. */
const LEAST_AREA = 14;
const MOST_CELLS = 6000;

/** Divides the area among what is in a directory, and again inside each part that is large enough. */
export function mapCells(paths: PathTree, weights: Weights, directory: number, area: Rectangle): Cell[] {
  const cells: Cell[] = [];
  const waiting: { node: number; depth: number; area: Rectangle }[] = [{ node: directory, depth: 0, area }];
  for (let next = waiting.shift(); next && cells.length < MOST_CELLS; next = waiting.shift()) {
    for (const cell of divide(paths, weights, next.node, next.depth, next.area)) {
      cells.push(cell);
      if (!cell.isOpen) continue;
      waiting.push({ node: cell.node, depth: cell.depth + 1, area: inside(cell) });
    }
  }
  return cells;
}

function divide(paths: PathTree, weights: Weights, node: number, depth: number, area: Rectangle): Cell[] {
  const { shown, rest, count } = split(heaviest(paths, weights, node), weights, area);
  const sizes = shown.map((child) => weights.bytes[child] as number);
  if (rest > 0) sizes.push(rest);
  return squarify(sizes, area).map((part, i) => {
    const child = shown[i];
    if (child === undefined)
      return { ...part, node, name: `${count} more`, depth, kind: 'rest', bytes: rest, count, isOpen: false };
    const kind = kindOf(paths, weights, child);
    const isOpen = kind === 'directory' && part.width >= LEAST_OPEN.width && part.height >= LEAST_OPEN.height;
    const place = kind === 'file' ? { node: child, name: paths.name(child) } : lastAlone(paths, weights, child);
    return { ...part, ...place, depth, kind, bytes: sizes[i] as number, count: 1, isOpen };
  });
}

/** Follows directories that have one directory and nothing else. */
function lastAlone(paths: PathTree, weights: Weights, directory: number): { node: number; name: string } {
  let node = directory;
  let name = `${paths.name(node)}/`;
  for (;;) {
    const [only, more] = heaviest(paths, weights, node);
    if (only === undefined || more !== undefined || kindOf(paths, weights, only) === 'file') return { node, name };
    node = only;
    name += `${paths.name(node)}/`;
  }
}

/** What is in a directory and has a weight, the heaviest first. */
export function heaviest(paths: PathTree, { bytes }: Weights, node: number): number[] {
  return [...paths.children(node)]
    .filter((child) => (bytes[child] as number) > 0)
    .sort((a, b) => (bytes[b] as number) - (bytes[a] as number));
}

export function kindOf(paths: PathTree, weights: Weights, node: number): 'directory' | 'file' {
  if (!paths.hasChildren(node)) return 'file';
  for (const child of paths.children(node)) if ((weights.bytes[child] as number) > 0) return 'directory';
  return 'file';
}

function split(children: readonly number[], { bytes }: Weights, { width, height }: Rectangle) {
  const total = children.reduce((sum, child) => sum + (bytes[child] as number), 0);
  const least = (LEAST_AREA / (width * height)) * total;
  const small = children.findIndex((child) => (bytes[child] as number) < least);
  const shown = small < 0 ? children : children.slice(0, small);
  const rest = (small < 0 ? [] : children.slice(small)).reduce((sum, child) => sum + (bytes[child] as number), 0);
  return { shown, rest, count: children.length - shown.length };
}

/** Below the title, with an edge around. */
function inside({ x, y, width, height }: Rectangle): Rectangle {
  return { x: x + GAP, y: y + TITLE, width: width - 2 * GAP, height: height - TITLE - GAP };
}
