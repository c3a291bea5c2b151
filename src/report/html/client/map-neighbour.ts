import type { Cell } from './map-cells.ts';

const STEPS: Readonly<Record<string, readonly [x: number, y: number]>> = {
  ArrowLeft: [-1, 0],
  ArrowRight: [1, 0],
  ArrowUp: [0, -1],
  ArrowDown: [0, 1],
};

/**
 * The nearest cell of the directory on show in the direction of an arrow key; the cell itself where there is none, and
 * the first where none was marked. Undefined for other keys.
 */
export function neighbour(cells: readonly Cell[], marked: number, key: string): number | undefined {
  const step = STEPS[key];
  if (!step || cells.length === 0) return undefined;
  const from = cells[marked];
  if (!from) return 0;
  const distances = cells.map((cell, i) =>
    cell.depth !== 0 || i === marked ? Number.POSITIVE_INFINITY : distance(from, cell, step),
  );
  const least = distances.reduce((a, b) => Math.min(a, b), Number.POSITIVE_INFINITY);
  return least === Number.POSITIVE_INFINITY ? marked : distances.indexOf(least);
}

/** What lies aside counts twice. */
function distance(from: Cell, to: Cell, [dx, dy]: readonly [number, number]): number {
  const right = to.x + to.width / 2 - (from.x + from.width / 2);
  const down = to.y + to.height / 2 - (from.y + from.height / 2);
  const along = right * dx + down * dy;
  return along <= 1 ? Number.POSITIVE_INFINITY : along + 2 * Math.abs(right * dy + down * dx);
}
