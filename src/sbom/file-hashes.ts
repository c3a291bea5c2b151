import { createHash } from 'node:crypto';
import type { Image, Layer } from '../layers/image.ts';
import type { ImageTree, TreeFile } from '../layers/image-tree.ts';
import { hashBodies } from '../layers/read-bodies.ts';
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
  tree: ImageTree,
  options: { readonly signal?: AbortSignal } = {},
): Promise<Sbom> {
  const there = sbom.packages.filter(({ removedBy }) => removedBy === undefined);
  const weak = there.filter(({ hashes = [] }) => !hashes.some(({ algorithm }) => STRONG.test(algorithm)));
  const files = filesOf(weak, tree);
  const digests = await digestsOf(new Set([...files.values()].flat()), image, options);
  return {
    ...sbom,
    packages: sbom.packages.map((one) => {
      const own = files.get(one.purl);
      if (!own || own.length === 0) return one;
      const value = isOneFile(one) ? (digests.get(own[0] as TreeFile) as string) : listHash(own, digests);
      return { ...one, hashes: [...(one.hashes ?? []), { algorithm: 'SHA-256', value }], hashesOfFiles: true };
    }),
  };
}

function listHash(files: readonly TreeFile[], digests: ReadonlyMap<TreeFile, string>): string {
  const hash = createHash('sha256');
  const sorted = [...files].sort((a, b) => compareBytes(a.path, b.path));
  for (const file of sorted) hash.update(`${digests.get(file)}  ${file.path}\n`);
  return hash.digest('hex');
}

/** A program that was recognised by its bytes, or the main module of a Go program, is its file. */
function isOneFile({ foundBy, knowsDependencies, occurrences }: SbomPackage): boolean {
  return occurrences.length === 1 && (foundBy === 'binary' || (foundBy === 'go' && knowsDependencies === true));
}

/** The regular files of the final tree that each package is made of, each once; packages without any are left out. */
function filesOf(packages: readonly SbomPackage[], tree: ImageTree): Map<string, TreeFile[]> {
  const { resolve } = fileView(tree, { body: () => undefined, readings: () => [], paths: new Set() });
  const found = new Map<string, TreeFile[]>();
  const folders = new Map<string, string>();
  for (const one of packages) {
    if (one.ownsFiles?.length) found.set(one.purl, regular(one.ownsFiles, tree, resolve));
    else if (isOneFile(one)) found.set(one.purl, regular(one.occurrences, tree, resolve));
    else if (IS_FOLDER.has(one.foundBy)) {
      // The same package in several places is the same: the first stands for all.
      const folder = folderOf(one);
      if (folder !== '') folders.set(folder, one.purl);
    }
  }
  if (folders.size > 0) collect(tree, folders, found);
  return found;
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

function regular(paths: readonly string[], tree: ImageTree, resolve: (path: string) => string | undefined): TreeFile[] {
  const files = new Map<string, TreeFile>();
  for (const path of paths) {
    const cut = path.lastIndexOf('/');
    const folder = resolve(path.slice(0, Math.max(cut, 0)));
    if (folder === undefined) continue;
    const file = tree.get(folder === '' ? path.slice(cut + 1) : `${folder}/${path.slice(cut + 1)}`);
    if (file?.kind === 'file') files.set(file.path, file);
  }
  return [...files.values()];
}

/** Every file goes to the package whose folder is the nearest above it; what is in `node_modules` of one is another's. */
function collect(tree: ImageTree, folders: ReadonlyMap<string, string>, into: Map<string, TreeFile[]>): void {
  const owners = new Map<string, string | undefined>();
  const ownerOf = (folder: string): string | undefined => {
    if (folders.has(folder)) return folders.get(folder);
    if (folder === '' || /(^|\/)node_modules$/.test(folder)) return undefined;
    if (!owners.has(folder)) owners.set(folder, ownerOf(folder.slice(0, Math.max(folder.lastIndexOf('/'), 0))));
    return owners.get(folder);
  };
  for (const file of tree.files()) {
    if (file.kind !== 'file') continue;
    const purl = ownerOf(file.path.slice(0, Math.max(file.path.lastIndexOf('/'), 0)));
    if (purl === undefined) continue;
    const list = into.get(purl);
    if (list) list.push(file);
    else into.set(purl, [file]);
  }
}

/** SHA-256 in hex: as the scan has it, else read here, layer by layer. */
async function digestsOf(
  files: ReadonlySet<TreeFile>,
  image: Image,
  { signal }: { readonly signal?: AbortSignal },
): Promise<Map<TreeFile, string>> {
  const digests = new Map<TreeFile, string>();
  const unread = new Map<number, TreeFile[]>();
  for (const file of files) {
    if (file.entry.digest) digests.set(file, hex(file.entry.digest));
    else {
      const list = unread.get(file.layer);
      if (list) list.push(file);
      else unread.set(file.layer, [file]);
    }
  }
  for (const [layer, list] of unread) {
    const ranges = list.map(({ entry }) => entry);
    const hashes = await hashBodies((image.layers[layer - 1] as Layer).at, ranges, signal ? { signal } : {});
    for (const [index, file] of list.entries()) digests.set(file, hex(hashes[index] as string));
  }
  return digests;
}

function hex(digest: string): string {
  return digest.slice('sha256:'.length);
}
