import type { Image, Layer } from '../layers/image.ts';
import type { ImageTree } from '../layers/image-tree.ts';
import type { LayerRecord } from '../layers/record.ts';
import { findOrigins, type Removed } from './attribution.ts';
import { compareBytes } from './byte-order.ts';
import { type Catalog, type CatalogProblem, type Component, catalog, Memory } from './catalog.ts';
import { CATALOGERS } from './catalogers/index.ts';
import { fileView } from './file-view.ts';
import { keptFiles } from './kept-files.ts';
import type { Cataloger, Distro } from './package.ts';

/** A component and the layer that it belongs to. */
export interface SbomPackage extends Component {
  /** From which layer on, counting back from the top, it has been there without a break; absent where there are none. */
  readonly layer?: Layer;
  /** The layer from which on it is not there any more; absent of what is in the final tree. */
  readonly removedBy?: Layer;
  /** Whether `hashes` are of its files as they are in the image, and not of the archive it came from. */
  readonly hashesOfFiles?: boolean;
}

/** Which lines of a Dockerfile made the layers. */
export interface DockerfileLines {
  readonly path: string;
  readonly text: string;
  /** By the layer's index. `line` is 1-based. */
  readonly lines: ReadonlyMap<number, { readonly line: number; readonly isSure: boolean }>;
  /** What keeps the match from being sure, as sentences. */
  readonly warnings: readonly string[];
}

/** What the bill is of. */
export type Subject = { readonly kind: 'image'; readonly image: Image } | Directory;

/** A folder of this machine: a project with lock files, or a root filesystem. */
export interface Directory {
  readonly kind: 'directory';
  /** As the user named it. */
  readonly path: string;
  /** What its manifest calls it, else the folder's own name. */
  readonly name: string;
  readonly version?: string;
  readonly purl?: string;
  readonly license?: string;
  /** SHA-256 of what was read, in hex: the same files give the same document. */
  readonly digest: string;
}

/** What is in an image or a folder. The writers in `writers/` are plain functions of it. */
export interface Sbom {
  readonly subject: Subject;
  readonly distro?: Distro;
  /** In byte order of their purls, one for each. */
  readonly packages: readonly SbomPackage[];
  readonly problems: readonly CatalogProblem[];
  /** Where a Dockerfile was given, too. */
  readonly dockerfile?: DockerfileLines;
}

/**
 * Puts the SBOM together from an image, the records of its layers (scanned with `sbomProbes`), and their tree. With
 * `allLayers` also what later layers removed or replaced.
 */
export function composeSbom(
  image: Image,
  records: readonly LayerRecord[],
  tree: ImageTree,
  catalogers: readonly Cataloger[] = CATALOGERS,
  { allLayers = false }: { readonly allLayers?: boolean } = {},
): Sbom {
  const kept = keptFiles(
    records,
    catalogers.flatMap(({ folders = [] }) => folders),
  );
  const memory = new Memory();
  const found = catalog(fileView(tree, kept), catalogers, memory);
  const purls = found.components.map(({ purl }) => purl);
  const views = {
    layers: records.length,
    after: (layer: number) => fileView(tree.upTo(layer), kept),
    touchedBy: kept.touchedBy,
  };
  const removed: Removed[] = [];
  const origins = findOrigins(purls, views, catalogers, found.distro, memory, allLayers ? removed : undefined);
  const present = found.components.map((one): SbomPackage => {
    const { layer = 1, license = {} } = origins.get(one.purl) ?? {};
    return { ...license, ...one, layer: image.layers[layer - 1] as Layer };
  });
  const packages = [...present, ...removed.map((one) => removedPackage(one, image))];
  return {
    subject: { kind: 'image', image },
    ...(found.distro ? { distro: found.distro } : {}),
    packages: packages.sort((a, b) => compareBytes(a.purl, b.purl)),
    problems: [...found.problems, ...unreadFiles(records)],
  };
}

/** What it needs was in layers below, and is not said: the edges of a document are those of the final tree. */
function removedPackage({ package: one, layer, removedBy }: Removed, { layers }: Image): SbomPackage {
  return {
    ...one,
    dependsOn: [],
    knowsDependencies: false,
    occurrences: one.evidence.slice(0, 1),
    layer: layers[layer - 1] as Layer,
    removedBy: layers[removedBy - 1] as Layer,
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
