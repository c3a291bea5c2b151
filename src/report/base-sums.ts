import type { BaseReport, LayerReport } from './image-report.ts';

/** Sums of the lowest `count` layers and of those above; `layers` are all of the image. */
export function baseSums(layers: readonly LayerReport[], count: number): Omit<BaseReport, 'reference' | 'warnings'> {
  const base = { layers: 0, storedBytes: 0, liveBytes: 0, deadBytes: 0 };
  const own = { ...base };
  let hiddenBytes = 0;
  for (const { index, storedBytes, deadBytes, killedBy } of layers) {
    const sums = index <= count ? base : own;
    const hidden = killedBy.reduce(
      (sum, killer) => sum + (index <= count && killer.layer > count ? killer.bytes : 0),
      0,
    );
    sums.layers++;
    sums.storedBytes += storedBytes;
    sums.liveBytes += storedBytes - deadBytes;
    sums.deadBytes += deadBytes - hidden;
    hiddenBytes += hidden;
  }
  return { base, own, hiddenBytes };
}
