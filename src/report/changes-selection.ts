import type { ImageReport, PathChange } from './image-report.ts';

/** The report with the changes that are chosen; sums stay those of the image. */
export function withChanges(report: ImageReport, isShown: (change: PathChange) => boolean): ImageReport {
  return {
    ...report,
    layers: report.layers.map((layer) => ({
      ...layer,
      *changes() {
        for (const change of layer.changes()) if (isShown(change)) yield change;
      },
    })),
  };
}
