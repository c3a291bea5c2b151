/** A pair of indices: of the left list, and of the right. */
export type Pair = readonly [left: number, right: number];

/**
 * Pairs two lists without crossing, so that the sum of the weights is greatest; of two ways that weigh the same, the
 * one that takes later elements of the right list. Takes time and memory in proportion to the product of the lengths.
 * @param weight 0: the two do not go together
 */
export function align(lefts: number, rights: number, weight: (left: number, right: number) => number): Pair[] {
  const width = rights + 1;
  // best[l * width + r]: of the first l and the first r elements.
  const best = new Float64Array((lefts + 1) * width);
  const weights = new Float64Array((lefts + 1) * width);
  for (let l = 1; l <= lefts; l++) {
    for (let r = 1; r <= rights; r++) {
      const own = weight(l - 1, r - 1);
      weights[l * width + r] = own;
      const paired = own === 0 ? -1 : (best[(l - 1) * width + r - 1] as number) + own;
      best[l * width + r] = Math.max(best[(l - 1) * width + r] as number, best[l * width + r - 1] as number, paired);
    }
  }
  const pairs: Pair[] = [];
  for (let l = lefts, r = rights; l > 0 && r > 0; ) {
    const at = l * width + r;
    const own = weights[at] as number;
    if (own > 0 && best[at] === (best[at - width - 1] as number) + own) {
      pairs.push([l - 1, r - 1]);
      l--;
      r--;
    } else if (best[at] === best[at - width]) l--;
    else r--;
  }
  return pairs.reverse();
}
