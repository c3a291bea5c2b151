import type { FileReader } from '../layers/probes/read.ts';

/** What kind of thing keeps the package: the cataloger's ecosystem, e.g. `deb`, `apk`, `npm`, `pypi` (purl types). */
export type Ecosystem = string;

/** A package found in an image. Facts only: what is not stated is absent, never guessed. */
export interface Package {
  readonly name: string;
  readonly version: string;
  /** Canonical package URL (purl-spec). */
  readonly purl: string;
  readonly ecosystem: Ecosystem;
  /** Name of the cataloger that found it. */
  readonly foundBy: string;
  /** As the package says it, not interpreted. */
  readonly declaredLicense?: string;
  /** SPDX expression, when `declaredLicense` could be turned into one. */
  readonly concludedLicense?: string;
  /** Person or organisation, e.g. a deb's Maintainer. */
  readonly supplier?: Party;
  readonly homepage?: string;
  /** Where its source is kept: an https URL, `git+` taken off. */
  readonly sourceUrl?: string;
  /** Where it was fetched from. */
  readonly downloadUrl?: string;
  /** Id of the repository that the package manager installed it from, e.g. `rhel-9-for-x86_64-baseos-rpms`. */
  readonly repository?: string;
  readonly description?: string;
  /** Of the archive it was installed from, as the package manager's record states them. */
  readonly hashes?: readonly Hash[];
  /**
   * Purls, or names of the same ecosystem as the package states them, alternatives joined by `|`; names become purls
   * when the SBOM is put together, and what is not in the image falls away.
   */
  readonly dependsOn?: readonly string[];
  /** Whether `dependsOn` is all that it needs: a package manager saw to it, or all that its manifest asks for is there. */
  readonly knowsDependencies?: boolean;
  /** What else this package answers to in others' `dependsOn` (virtual packages, provides). */
  readonly provides?: readonly string[];
  /** Of a lock file: what it is needed for. `optional`: the project does without it where it cannot be installed. */
  readonly scope?: Scope;
  /** Of a lock file: whether the project itself names it, not only what it needs. */
  readonly isDirect?: boolean;
  /** Paths it installed, relative to the root. */
  readonly ownsFiles?: readonly string[];
  /** 0…1: how sure the identity is; 1 for a package manager's own record. */
  readonly confidence: number;
  /** Paths of the files that told so, the one that holds the record first. */
  readonly evidence: readonly string[];
}

export type Scope = 'production' | 'optional' | 'development';

export interface Party {
  readonly name: string;
  readonly email?: string;
  readonly url?: string;
}

export interface Hash {
  readonly algorithm: 'MD5' | 'SHA-1' | 'SHA-256' | 'SHA-384' | 'SHA-512';
  /** Lower-case hex. */
  readonly value: string;
}

/** os-release(5) and what supplements it. */
export interface Distro {
  /** `ID`, e.g. `debian`. */
  readonly id: string;
  readonly idLike: readonly string[];
  readonly name?: string;
  readonly prettyName?: string;
  /** `VERSION_ID`, or the finer release of etc/debian_version and the like. */
  readonly versionId?: string;
  readonly codename?: string;
  readonly cpe?: string;
  /** Red Hat's images: the repositories that their packages may be of, by which advisories are matched. In byte order. */
  readonly contentSets?: readonly string[];
  /** Ubuntu Pro's extended maintenance is on. */
  readonly hasExtendedSupport?: boolean;
}

/** A file whose bytes were kept for the catalogers. */
export interface KeptFile {
  readonly path: string;
  /** 1-based layer that stores it. */
  readonly layer: number;
  readonly bytes: Uint8Array;
  /** UTF-8, malformed sequences replaced; a byte order mark removed. */
  text(): string;
}

/** What a cataloger's reader made of a file. */
export interface FileReading<T> {
  readonly path: string;
  /** 1-based layer that stores it. */
  readonly layer: number;
  /** In bytes. */
  readonly size: number;
  readonly value: T;
}

/** The final tree, as catalogers see it: only files that some cataloger asked for can be read. */
export interface FileView {
  /** Kept files that match any of the globs (picomatch syntax, paths relative to the root, no leading `/`), in byte order. */
  match(...globs: readonly string[]): Iterable<KeptFile>;
  /** What the reader of a cataloger, by its name, made of the files that are there, in byte order of their paths. */
  readings<T>(cataloger: string): readonly FileReading<T>[];
  /** Follows symlinks, bounded; undefined when absent, not kept, or a loop. */
  get(path: string): KeptFile | undefined;
  /** Whether the path exists in the final tree, kept or not; symlinks in parents are followed. */
  has(path: string): boolean;
  /** The real path of what `path` leads to, every symlink followed, or undefined when there is nothing (or a loop). */
  resolve(path: string): string | undefined;
  /** Names directly inside a directory of the final tree. */
  list(path: string): readonly string[];
}

/**
 * Finds the packages of one ecosystem. One cataloger, one file in `src/sbom/catalogers/`, default export.
 * Pure: gets files, yields packages; a file it cannot read is skipped with `view`'s problem reported, never thrown.
 */
export interface Cataloger {
  readonly name: string;
  readonly version: number;
  /** Its packages own files of the system, among them whole packages of other ecosystems (a deb that ships a wheel). */
  readonly isSystem?: boolean;
  /** It recognises files by what is in them. Those that a system package installed are that package, and no other. */
  readonly isFallback?: boolean;
  /** Globs of the files it needs to read (matched in the layer scan; only these are kept). */
  readonly files: readonly string[];
  /** It reads what others wrote down of the image. What another cataloger found itself is not listed again. */
  readonly isHearsay?: boolean;
  /** Folders of which it looks at the names alone (`view.list`): a layer that changes one may bring packages. */
  readonly folders?: readonly string[];
  /** For files that are too large or too many to be kept: reduces each while its layer passes (`view.readings`). */
  readonly reader?: Omit<FileReader, 'name' | 'version'>;
  catalog(view: FileView, context: CatalogContext): Iterable<Package>;
}

export interface CatalogContext {
  readonly distro: Distro | undefined;
  /** Reports a file that could not be understood; the cataloger goes on with the next. */
  problem(path: string, message: string): void;
  /**
   * What `read` made of a file's bytes, or of a reading's value, computed once for the same: catalogers run again on the
   * views below, where most files are the same.
   */
  once<T>(file: { readonly path: string; readonly bytes: object }, read: () => T): T;
  /** Whether the view is one below the last, of which only names, versions and licences are asked: no dependencies. */
  readonly isBelow?: boolean;
}
