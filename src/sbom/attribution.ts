import type { Memory } from './catalog.ts';
import type { Cataloger, Distro, FileView } from './package.ts';

/** The views of an image, lowest first, that attribution looks at. */
export interface LayeredViews {
  readonly layers: number;
  /** The tree after layer `n`, 1-based. */
  after(layer: number): FileView;
  /** Whether layer `n` may have changed anything that a cataloger reads. */
  touchedBy(layer: number): boolean;
}

/**
 * The layer of each package: from which one on, counting back from the top, it has been there without a break. An
 * update of its database by a later layer does not move it, removing it and installing it again does. Catalogers run
 * again on the views below with the final distribution, so that a newer os-release does not rename every package.
 *
 * @returns purl → 1-based layer, for each of `purls`.
 */
export function attributeLayers(
  purls: readonly string[],
  views: LayeredViews,
  catalogers: readonly Cataloger[],
  distro: Distro | undefined,
  memory: Memory,
): Map<string, number> {
  const since = new Map<string, number>();
  let present = new Set(purls);
  for (let layer = views.layers; layer >= 1 && present.size > 0; layer--) {
    if (layer > 1 && !views.touchedBy(layer)) continue;
    const below = layer === 1 ? new Set<string>() : purlsIn(views.after(layer - 1), catalogers, distro, memory);
    const still = new Set<string>();
    for (const purl of present) {
      if (below.has(purl)) still.add(purl);
      else since.set(purl, layer);
    }
    present = still;
  }
  return since;
}

function purlsIn(
  view: FileView,
  catalogers: readonly Cataloger[],
  distro: Distro | undefined,
  memory: Memory,
): Set<string> {
  const purls = new Set<string>();
  for (const cataloger of catalogers) {
    const context = { distro, problem: () => {}, once: memory.onceFor(cataloger) };
    for (const { purl } of cataloger.catalog(view, context)) purls.add(purl);
  }
  return purls;
}
