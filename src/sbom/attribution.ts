import type { Memory } from './catalog.ts';
import type { Cataloger, Distro, FileView, Package } from './package.ts';

/** The views of an image, lowest first, that attribution looks at. */
export interface LayeredViews {
  readonly layers: number;
  /** The tree after layer `n`, 1-based. */
  after(layer: number): FileView;
  /** Whether layer `n` may have changed anything that a cataloger reads. */
  touchedBy(layer: number): boolean;
}

/** What the views below tell of a package. */
export interface Origin {
  /** 1-based. */
  readonly layer: number;
  /** What it said on a view below, if there it said more than at last: images drop `/usr/share/doc` for its size. */
  readonly license?: Pick<Package, 'declaredLicense' | 'concludedLicense'>;
}

/**
 * The layer of each package: from which one on, counting back from the top, it has been there without a break. An
 * update of its database by a later layer does not move it, removing it and installing it again does. Catalogers run
 * again on the views below with the final distribution, so that a newer os-release does not rename every package.
 *
 * @returns by purl, for each of `purls`.
 */
export function findOrigins(
  purls: readonly string[],
  views: LayeredViews,
  catalogers: readonly Cataloger[],
  distro: Distro | undefined,
  memory: Memory,
): Map<string, Origin> {
  const origins = new Map<string, Origin>();
  const licenses = new Map<string, NonNullable<Origin['license']>>();
  let present = new Set(purls);
  for (let layer = views.layers; layer >= 1 && present.size > 0; layer--) {
    if (layer > 1 && !views.touchedBy(layer)) continue;
    const below =
      layer === 1 ? new Map<string, Package>() : packagesIn(views.after(layer - 1), catalogers, distro, memory);
    const still = new Set<string>();
    for (const purl of present) {
      const found = below.get(purl);
      if (found) still.add(purl);
      else origins.set(purl, { layer, ...(licenses.has(purl) ? { license: licenses.get(purl) } : {}) } as Origin);
      if (found?.declaredLicense && !licenses.has(purl)) licenses.set(purl, licenseOf(found));
    }
    present = still;
  }
  return origins;
}

function licenseOf({ declaredLicense, concludedLicense }: Package): NonNullable<Origin['license']> {
  return { ...(declaredLicense ? { declaredLicense } : {}), ...(concludedLicense ? { concludedLicense } : {}) };
}

function packagesIn(
  view: FileView,
  catalogers: readonly Cataloger[],
  distro: Distro | undefined,
  memory: Memory,
): Map<string, Package> {
  const packages = new Map<string, Package>();
  for (const cataloger of catalogers) {
    const context = { distro, problem: () => {}, once: memory.onceFor(cataloger) };
    for (const one of cataloger.catalog(view, context)) packages.set(one.purl, one);
  }
  return packages;
}
