import type { TreeFile, TreeView } from '../../src/layers/image-tree.ts';
import { compareBytes } from '../../src/sbom/byte-order.ts';
import { fileView } from '../../src/sbom/file-view.ts';
import type { FileView } from '../../src/sbom/package.ts';

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

export function memoryView(files: Files, layer = 1): FileView {
  const bodyOf = ({ path }: TreeFile) => {
    const body = files[path];
    return typeof body === 'string' ? Buffer.from(body) : body instanceof Uint8Array ? body : undefined;
  };
  return fileView(memoryTree(files, layer), bodyOf, Object.keys(files));
}

function treeFile(path: string, kind: 'file' | 'directory' | 'symlink', layer: number, link = ''): TreeFile {
  const entry = { path, kind, size: 0, mode: 0o644, uid: 0, gid: 0, mtime: 0, link, bodyOffset: 0 };
  return { path, kind, entry, layer, index: 0, since: layer };
}
