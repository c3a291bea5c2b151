export interface Rectangle {
  readonly x: number;
  readonly y: number;
  readonly width: number;
  readonly height: number;
}

/**
 * Divides a rectangle among weights, in their order, so that the parts are nearly square (Bruls, Huizing, van Wijk:
 * Squarified Treemaps, 2000). Weights are positive, the largest first.
 */
export function squarify(weights: readonly number[], area: Rectangle): Rectangle[] {
  const parts: Rectangle[] = [];
  let { x, y, width, height } = area;
  let left = weights.reduce((sum, weight) => sum + weight, 0);
  let from = 0;
  while (from < weights.length && left > 0 && width > 0 && height > 0) {
    const scale = (width * height) / left;
    const side = Math.min(width, height);
    const { end, sum } = bestRow(weights, from, scale, side);
    const depth = Math.min((sum * scale) / side, Math.max(width, height));
    let along = 0;
    for (let i = from; i < end; i++) {
      const length = (side * (weights[i] as number)) / sum;
      parts.push(
        width < height
          ? { x: x + along, y, width: length, height: depth }
          : { x, y: y + along, width: depth, height: length },
      );
      along += length;
    }
    if (width < height) {
      y += depth;
      height -= depth;
    } else {
      x += depth;
      width -= depth;
    }
    left -= sum;
    from = end;
  }
  return parts;
}

/** Takes weights into a row along a side as long as that makes its worst part squarer. */
function bestRow(weights: readonly number[], from: number, scale: number, side: number) {
  const largest = weights[from] as number;
  let sum = largest;
  let worst = worstRatio(sum, largest, largest, scale, side);
  let end = from + 1;
  for (; end < weights.length; end++) {
    const weight = weights[end] as number;
    const ratio = worstRatio(sum + weight, largest, weight, scale, side);
    if (ratio > worst) break;
    worst = ratio;
    sum += weight;
  }
  return { end, sum };
}

function worstRatio(sum: number, largest: number, smallest: number, scale: number, side: number): number {
  const row = (sum * scale) ** 2;
  return Math.max((side ** 2 * largest * scale) / row, row / (side ** 2 * smallest * scale));
}
