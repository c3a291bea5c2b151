import type { TreeFile, TreeView } from '../layers/image-tree.ts';
import { compileGlobs } from '../layers/probes/globs.ts';
import { compareBytes } from './byte-order.ts';
import type { KeptFiles } from './kept-files.ts';
import type { FileReading, FileView, KeptFile } from './package.ts';

/** As Linux has them: ELOOP of path_resolution(7), PATH_MAX. */
const MAX_LINKS = 40;
const MAX_PATH = 4096;

/**
 * The tree as catalogers see it. Only the paths where a kept file may stand are looked at, so that a tree of a million
 * paths is not walked for the thousand that matter.
 */
export function fileView(tree: TreeView, { body, readings, paths }: Omit<KeptFiles, 'touchedBy'>): FileView {
  const kept = new Map<string, KeptFile>();
  const read = new Map<string, FileReading<unknown>[]>();
  for (const path of [...paths].sort(compareBytes)) {
    const file = tree.get(path);
    if (file?.kind !== 'file') continue;
    const bytes = body(file);
    if (bytes) kept.set(path, keptFile(file, bytes));
    for (const { reader, value } of readings(file)) {
      const all = read.get(reader) ?? [];
      read.set(reader, all);
      all.push({ path, layer: file.layer, size: file.entry.size, value });
    }
  }
  const sorted = [...kept.keys()];
  const directories = new Map<string, string | undefined>();
  let children: Map<string, string[]> | undefined;

  /** Real path of a directory, every link in it followed; remembered, as owned files share their folders. */
  const realDirectory = (path: string, links: number): string | undefined => {
    if (path === '') return '';
    if (path.length > MAX_PATH) return undefined;
    if (!directories.has(path)) {
      directories.set(path, undefined); // a loop meets itself here
      directories.set(path, follow(path, links));
    }
    return directories.get(path);
  };
  const follow = (path: string, links: number): string | undefined => {
    const cut = path.lastIndexOf('/');
    const parent = realDirectory(path.slice(0, Math.max(cut, 0)), links);
    if (parent === undefined) return undefined;
    const real = parent === '' ? path.slice(cut + 1) : `${parent}/${path.slice(cut + 1)}`;
    const file = tree.get(real);
    if (!file) return undefined;
    if (file.kind !== 'symlink') return real;
    return links >= MAX_LINKS ? undefined : follow(joinPath(parent, file.entry.link), links + 1);
  };
  const resolve = (path: string) => (path === '' ? '' : follow(joinPath('', path), 0));

  return {
    *match(...globs) {
      const matches = compileGlobs(globs);
      for (const path of sorted) if (matches(path)) yield kept.get(path) as KeptFile;
    },
    readings: <T>(cataloger: string) => (read.get(cataloger) ?? []) as FileReading<T>[],
    get: (path) => kept.get(resolve(path) ?? ''),
    has: (path) => resolve(path) !== undefined,
    resolve,
    list(path) {
      children ??= childrenOf(tree);
      return children.get(resolve(path) ?? '\0') ?? [];
    },
  };
}

function keptFile(file: TreeFile, bytes: Uint8Array): KeptFile {
  return {
    path: file.path,
    layer: file.layer,
    bytes,
    text: () => new TextDecoder('utf-8').decode(bytes),
  };
}

function childrenOf(tree: TreeView): Map<string, string[]> {
  const children = new Map<string, string[]>();
  for (const { path } of tree.files()) {
    const cut = path.lastIndexOf('/');
    const parent = cut < 0 ? '' : path.slice(0, cut);
    const names = children.get(parent) ?? [];
    names.push(path.slice(cut + 1));
    children.set(parent, names);
  }
  return children;
}

/** `target` as seen from the directory `from`; `..` stops at the root, as the kernel does it in a chroot. */
function joinPath(from: string, target: string): string {
  const parts = target.startsWith('/') || from === '' ? [] : from.split('/');
  for (const part of target.split('/')) {
    if (part === '' || part === '.') continue;
    if (part === '..') parts.pop();
    else parts.push(part);
  }
  return parts.join('/');
}
