import { createHash } from 'node:crypto';
import type { EntryTable } from '../layers/entry-table.ts';
import type { Image, Layer } from '../layers/image.ts';
import type { BodyPlace, ImageTree, TreeFile } from '../layers/image-tree.ts';
import { hashBodies } from '../layers/read-bodies.ts';
import type { LayerRecord } from '../layers/record.ts';
import { compareBytes } from './byte-order.ts';
import { fileView } from './file-view.ts';
import { parsePurl } from './purl.ts';
import type { Sbom, SbomPackage } from './sbom.ts';

const STRONG = /^SHA-(256|384|512)$/;
/** Package managers whose packages are a folder: that of the record. */
const IS_FOLDER: ReadonlySet<string> = new Set(['npm', 'wordpress', 'composer', 'lua', 'r', 'erlang', 'gem']);

/**
 * The SBOM with a SHA-256 for packages that their package manager's record gives no strong hash of: over the lines
 * `<SHA-256 of the file>  <path>` of their regular files as they are in the final tree, in byte order of the paths (what
 * `sha256sum` prints); of a program that is one file, that file's own. Files are read where the scan did not hash them.
 */
export async function withFileHashes(
  sbom: Sbom,
  image: Image,
  records: readonly LayerRecord[],
  tree: ImageTree,
  options: { readonly signal?: AbortSignal } = {},
): Promise<Sbom> {
  const there = sbom.packages.filter(({ removedBy }) => removedBy === undefined);
  const weak = there.filter(({ hashes = [] }) => !hashes.some(({ algorithm }) => STRONG.test(algorithm)));
  const digests = new Digests(records);
  const found = new Map<string, string>();
  const late: [SbomPackage, readonly Body[]][] = [];
  // One package after the other: the files of all of them together take more memory than the packages.
  for (const [one, files] of filesOf(weak, tree)) {
    if (files.length === 0) continue;
    if (digests.has(files)) found.set(one.purl, hashOf(one, files, digests));
    else late.push([one, files]);
  }
  await digests.read(image, options);
  for (const [one, files] of late) found.set(one.purl, hashOf(one, files, digests));
  return {
    ...sbom,
    packages: sbom.packages.map((one) => {
      const value = found.get(one.purl);
      if (value === undefined) return one;
      return { ...one, hashes: [...(one.hashes ?? []), { algorithm: 'SHA-256', value }], hashesOfFiles: true };
    }),
  };
}

/** A regular file of the final tree, and where its body is stored. */
interface Body extends BodyPlace {
  readonly path: string;
}

/** SHA-256 of bodies: as the scan has them, else read here, layer by layer. */
class Digests {
  readonly #records: readonly LayerRecord[];
  /** By layer and index; undefined until it is read. */
  readonly #read = new Map<number, Map<number, string | undefined>>();

  constructor(records: readonly LayerRecord[]) {
    this.#records = records;
  }

  /** Whether all of them are known; those that are not are for `read`. */
  has(bodies: readonly Body[]): boolean {
    let isKnown = true;
    for (const { layer, index } of bodies) {
      if (this.#table(layer).digestBytes(index)) continue;
      isKnown = false;
      const wanted = this.#read.get(layer) ?? new Map<number, string | undefined>();
      this.#read.set(layer, wanted.set(index, undefined));
    }
    return isKnown;
  }

  async read(image: Image, { signal }: { readonly signal?: AbortSignal }): Promise<void> {
    for (const [layer, wanted] of this.#read) {
      const places = [...wanted.keys()];
      const ranges = places.map((index) => this.#table(layer).at(index));
      const hashes = await hashBodies((image.layers[layer - 1] as Layer).at, ranges, signal ? { signal } : {});
      for (const [i, index] of places.entries()) wanted.set(index, hashes[i]);
    }
  }

  /** In hex. */
  of({ layer, index }: Body): string {
    const digest = this.#table(layer).digest(index) ?? (this.#read.get(layer)?.get(index) as string);
    return digest.slice('sha256:'.length);
  }

  #table(layer: number): EntryTable {
    return (this.#records[layer - 1] as LayerRecord).entries;
  }
}

function hashOf(one: SbomPackage, files: readonly Body[], digests: Digests): string {
  if (isOneFile(one)) return digests.of(files[0] as Body);
  const hash = createHash('sha256');
  const sorted = [...files].sort((a, b) => compareBytes(a.path, b.path));
  for (const file of sorted) hash.update(`${digests.of(file)}  ${file.path}\n`);
  return hash.digest('hex');
}

/** A program that was recognised by its bytes, or the main module of a Go program, is its file. */
function isOneFile({ foundBy, knowsDependencies, occurrences }: SbomPackage): boolean {
  return occurrences.length === 1 && (foundBy === 'binary' || (foundBy === 'go' && knowsDependencies === true));
}

/** The regular files of the final tree that each package is made of, each once. */
function* filesOf(
  packages: readonly SbomPackage[],
  tree: ImageTree,
): Iterable<readonly [one: SbomPackage, files: readonly Body[]]> {
  const { resolve } = fileView(tree, { body: () => undefined, readings: () => [], paths: new Set() });
  const folders = new Map<string, SbomPackage>();
  for (const one of packages) {
    if (one.ownsFiles?.length) yield [one, regular(one.ownsFiles, tree, resolve)];
    else if (isOneFile(one)) yield [one, regular(one.occurrences, tree, resolve)];
    else if (IS_FOLDER.has(one.foundBy)) {
      // The same package in several places is the same: the first stands for all.
      const folder = folderOf(one);
      if (folder !== '') folders.set(folder, one);
    }
  }
  if (folders.size > 0) yield* collect(tree, folders);
}

/** The folder that its record tells of: mostly its own, but some managers keep records beside (Composer, RubyGems, OTP). */
function folderOf({ foundBy, name, purl, occurrences: [record = ''] }: SbomPackage): string {
  const folder = record.slice(0, Math.max(record.lastIndexOf('/'), 0));
  switch (foundBy) {
    case 'composer':
      return folder.replace(/(^|\/)composer$/, `$1${parsePurl(purl).namespace}/${name.split('/').pop()}`);
    case 'erlang':
      return folder.replace(/\/ebin$/, '');
    case 'gem':
      return `${folder.replace(/specifications(\/default)?$/, 'gems')}${record.slice(folder.length, -'.gemspec'.length)}`;
    default:
      return folder;
  }
}

function regular(paths: readonly string[], tree: ImageTree, resolve: (path: string) => string | undefined): Body[] {
  const files = new Map<string, Body>();
  for (const path of paths) {
    const cut = path.lastIndexOf('/');
    const folder = resolve(path.slice(0, Math.max(cut, 0)));
    if (folder === undefined) continue;
    const file = tree.get(folder === '' ? path.slice(cut + 1) : `${folder}/${path.slice(cut + 1)}`);
    if (file?.kind === 'file') files.set(file.path, bodyOf(file, file.path));
  }
  return [...files.values()];
}

/** Not the file itself: that remembers all of its entry. */
function bodyOf({ layer, index }: TreeFile, path: string): Body {
  return { path, layer, index };
}

/** Every file goes to the package whose folder is the nearest above it; what is in `node_modules` of one is another's. */
function collect(tree: ImageTree, folders: ReadonlyMap<string, SbomPackage>): Map<SbomPackage, Body[]> {
  const found = new Map<SbomPackage, Body[]>();
  const owners = new Map<string, SbomPackage | undefined>();
  const ownerOf = (folder: string): SbomPackage | undefined => {
    if (folders.has(folder)) return folders.get(folder);
    if (folder === '' || /(^|\/)node_modules$/.test(folder)) return undefined;
    if (!owners.has(folder)) owners.set(folder, ownerOf(folder.slice(0, Math.max(folder.lastIndexOf('/'), 0))));
    return owners.get(folder);
  };
  for (const file of tree.files()) {
    if (file.kind !== 'file') continue;
    const { path } = file;
    const owner = ownerOf(path.slice(0, Math.max(path.lastIndexOf('/'), 0)));
    if (!owner) continue;
    const list = found.get(owner);
    if (list) list.push(bodyOf(file, path));
    else found.set(owner, [bodyOf(file, path)]);
  }
  return found;
}
