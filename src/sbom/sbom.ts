import type { Image, Layer } from '../layers/image.ts';
import type { ImageTree } from '../layers/image-tree.ts';
import type { LayerRecord } from '../layers/record.ts';
import { findOrigins } from './attribution.ts';
import { type Catalog, type CatalogProblem, type Component, catalog, Memory } from './catalog.ts';
import { CATALOGERS } from './catalogers/index.ts';
import { fileView } from './file-view.ts';
import { keptFiles } from './kept-files.ts';
import type { Cataloger, Distro } from './package.ts';

/** A component and the layer that it belongs to. */
export interface SbomPackage extends Component {
  /** From which layer on, counting back from the top, it has been there without a break. */
  readonly layer: Layer;
}

/** What is in an image. The writers (`cyclonedx`, `spdx`, `sbomTable`) are plain functions of it. */
export interface Sbom {
  readonly image: Image;
  readonly distro?: Distro;
  /** In byte order of their purls, one for each. */
  readonly packages: readonly SbomPackage[];
  readonly problems: readonly CatalogProblem[];
}

/** Puts the SBOM together from an image, the records of its layers (scanned with `sbomProbes`), and their tree. */
export function composeSbom(
  image: Image,
  records: readonly LayerRecord[],
  tree: ImageTree,
  catalogers: readonly Cataloger[] = CATALOGERS,
): Sbom {
  const kept = keptFiles(records);
  const memory = new Memory();
  const found = catalog(fileView(tree, kept), catalogers, memory);
  const purls = found.components.map(({ purl }) => purl);
  const views = {
    layers: records.length,
    after: (layer: number) => fileView(tree.upTo(layer), kept),
    touchedBy: kept.touchedBy,
  };
  const origins = findOrigins(purls, views, catalogers, found.distro, memory);
  return {
    image,
    ...(found.distro ? { distro: found.distro } : {}),
    packages: found.components.map((one) => {
      const { layer = 1, license = {} } = origins.get(one.purl) ?? {};
      return { ...license, ...one, layer: image.layers[layer - 1] as Layer };
    }),
    problems: [...found.problems, ...unreadFiles(records)],
  };
}

/** What the scan itself could not keep, e.g. a database larger than the bound. */
function unreadFiles(records: readonly LayerRecord[]): Catalog['problems'] {
  return records
    .flatMap(({ problems }) =>
      problems.map((problem) => {
        const at = problem.indexOf(': not read: ');
        return at < 0 ? undefined : { path: problem.slice(0, at), message: problem.slice(at + 2) };
      }),
    )
    .filter((problem) => problem !== undefined);
}
