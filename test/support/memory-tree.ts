import { memorySource } from '../../src/layers/byte-source.ts';
import type { TreeFile, TreeView } from '../../src/layers/image-tree.ts';
import { onceFor, type Reading } from '../../src/layers/probes/read.ts';
import { compareBytes } from '../../src/sbom/byte-order.ts';
import { fileView } from '../../src/sbom/file-view.ts';
import type { Cataloger, FileView } from '../../src/sbom/package.ts';

/** A body, or where a symlink points. */
export type Body = string | Uint8Array | { readonly link: string };
export type Files = Readonly<Record<string, Body>>;

/** A tree of one layer, parents made where they are missing. */
function memoryTree(files: Files, layer = 1): TreeView {
  const tree = new Map<string, TreeFile>();
  for (const [path, body] of Object.entries(files)) {
    for (let cut = path.indexOf('/'); cut > 0; cut = path.indexOf('/', cut + 1)) {
      const parent = path.slice(0, cut);
      if (!tree.has(parent)) tree.set(parent, treeFile(parent, 'directory', layer));
    }
    const link = typeof body === 'string' || body instanceof Uint8Array ? '' : body.link;
    tree.set(path, treeFile(path, link === '' ? 'file' : 'symlink', layer, link));
  }
  const paths = [...tree.keys()].sort(compareBytes);
  return {
    get: (path) => tree.get(path),
    *files() {
      for (const path of paths) yield tree.get(path) as TreeFile;
    },
  };
}

/** The files as a cataloger sees them; all are executable. Readers are those of `catalogers`. */
export function memoryView(files: Files, layer = 1, catalogers: readonly Cataloger[] = []): FileView {
  const body = ({ path }: TreeFile) => {
    const body = files[path];
    return typeof body === 'string' ? Buffer.from(body) : body instanceof Uint8Array ? body : undefined;
  };
  const readings = (file: TreeFile): Reading[] => {
    const bytes = body(file);
    return bytes ? catalogers.flatMap(({ name, reader }) => readingOf(name, reader, file.path, bytes)) : [];
  };
  return fileView(memoryTree(files, layer), { body, readings, paths: new Set(Object.keys(files)) });
}

function readingOf(name: string, reader: Cataloger['reader'], path: string, bytes: Uint8Array): Reading[] {
  if (!reader?.wants({ path, size: bytes.length, mode: 0o755 })) return [];
  if (reader.accepts && !reader.accepts(bytes.subarray(0, 512))) return [];
  const source = memorySource(bytes);
  const value = reader.read(source, path, onceFor(source));
  return value === undefined ? [] : [{ entry: 0, reader: name, value: structuredClone(value) }];
}

function treeFile(path: string, kind: 'file' | 'directory' | 'symlink', layer: number, link = ''): TreeFile {
  const entry = { path, kind, size: 0, mode: 0o644, uid: 0, gid: 0, mtime: 0, link, bodyOffset: 0 };
  return { path, kind, entry, layer, index: 0, since: layer };
}
