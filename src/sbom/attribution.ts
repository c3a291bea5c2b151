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

/** A package that a later layer removed, or replaced by another version; its bytes still ship. */
export interface Removed {
  readonly package: Package;
  /** 1-based: the layer that it came with, and the one from which on it is not there. */
  readonly layer: number;
  readonly removedBy: number;
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
 * @returns by purl, for each of `purls`; and what is in no more than the views below, when `removed` is to be filled.
 */
export function findOrigins(
  purls: readonly string[],
  views: LayeredViews,
  catalogers: readonly Cataloger[],
  distro: Distro | undefined,
  memory: Memory,
  removed?: Removed[],
): Map<string, Origin> {
  const gone = new Map<string, Omit<Removed, 'layer'>>();
  // What was recognised by its bytes may be a part of a system package of that layer, which is told only of the last.
  const fallbacks = new Set(catalogers.filter(({ isFallback }) => isFallback).map(({ name }) => name));
  const origins = new Map<string, Origin>();
  const licenses = new Map<string, NonNullable<Origin['license']>>();
  let present = new Set(purls);
  for (let layer = views.layers; layer >= 1 && (present.size > 0 || removed); layer--) {
    if (layer > 1 && !views.touchedBy(layer)) continue;
    const below =
      layer === 1 ? new Map<string, Package>() : packagesIn(views.after(layer - 1), catalogers, distro, memory);
    const still = new Set<string>();
    for (const purl of present) {
      const found = below.get(purl);
      if (found) still.add(purl);
      else if (gone.has(purl)) removed?.push({ ...(gone.get(purl) as Omit<Removed, 'layer'>), layer });
      else origins.set(purl, { layer, ...(licenses.has(purl) ? { license: licenses.get(purl) } : {}) } as Origin);
      if (found?.declaredLicense && !licenses.has(purl)) licenses.set(purl, licenseOf(found));
    }
    if (removed) {
      for (const [purl, one] of below) {
        if (still.has(purl) || origins.has(purl) || gone.has(purl) || fallbacks.has(one.foundBy)) continue;
        gone.set(purl, { package: one, removedBy: layer });
        still.add(purl);
      }
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
    const context = { distro, problem: () => {}, once: memory.onceFor(cataloger), isBelow: true };
    for (const one of cataloger.catalog(view, context)) packages.set(one.purl, one);
  }
  return packages;
}
