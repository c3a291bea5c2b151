import { detectDistro } from './distro.ts';
import { dependencyEdges } from './edges.ts';
import { withoutHearsay } from './hearsay.ts';
import { mergeByPurl } from './merge.ts';
import { findOwners } from './ownership.ts';
import type { CatalogContext, Cataloger, Distro, FileView, Package } from './package.ts';

const MAX_PROBLEMS = 1000;

/** A file that some cataloger could not make sense of. */
export interface CatalogProblem {
  readonly path: string;
  readonly message: string;
}

/** A package once, however often it is there. */
export interface Component extends Package {
  /** The record of each place it was found in, in byte order. */
  readonly occurrences: readonly string[];
  /** Purls, all of them in the same catalog, in byte order. */
  readonly dependsOn: readonly string[];
  /** Purl of the system package whose files it is made of. */
  readonly ownedBy?: string;
}

export interface Catalog {
  readonly distro?: Distro;
  /** In byte order of their purls, one for each purl. */
  readonly components: readonly Component[];
  readonly problems: readonly CatalogProblem[];
}

/** Runs every cataloger over a tree and puts together what they found. */
export function catalog(view: FileView, catalogers: readonly Cataloger[], memory = new Memory()): Catalog {
  const distro = detectDistro(view);
  const problems: CatalogProblem[] = [];
  const problem = (path: string, message: string) => {
    if (problems.length < MAX_PROBLEMS) problems.push({ path, message });
  };
  const found = catalogers.flatMap((cataloger) => [
    ...cataloger.catalog(view, { distro, problem, once: memory.onceFor(cataloger) }),
  ]);
  const merged = mergeByPurl(
    withoutHearsay(
      found,
      namesOf(catalogers, ({ isHearsay }) => isHearsay),
    ),
  );
  const systems = namesOf(catalogers, ({ isSystem }) => isSystem);
  const owners = findOwners(merged, systems, view);
  const edges = dependencyEdges(merged);
  const fallbacks = namesOf(catalogers, ({ isFallback }) => isFallback);
  const listed = merged.filter(({ purl, foundBy }) => !(fallbacks.has(foundBy) && owners.has(purl)));
  return {
    ...(distro ? { distro } : {}),
    components: listed.map((one) => {
      const ownedBy = owners.get(one.purl);
      return { ...one, dependsOn: edges.get(one.purl) ?? [], ...(ownedBy ? { ownedBy } : {}) };
    }),
    problems,
  };
}

function namesOf(
  catalogers: readonly Cataloger[],
  chosen: (cataloger: Cataloger) => boolean | undefined,
): ReadonlySet<string> {
  return new Set(catalogers.filter(chosen).map(({ name }) => name));
}

/** What catalogers made of files, by path and the bytes themselves: a file that many views share is read once. */
export class Memory {
  readonly #read = new WeakMap<object, Map<string, unknown>>();

  onceFor(cataloger: Cataloger): CatalogContext['once'] {
    return <T>(file: { readonly path: string; readonly bytes: object }, read: () => T): T => {
      const values = this.#read.get(file.bytes) ?? new Map<string, unknown>();
      this.#read.set(file.bytes, values);
      const key = `${cataloger.name}\0${file.path}`;
      if (!values.has(key)) values.set(key, read());
      return values.get(key) as T;
    };
  }
}
