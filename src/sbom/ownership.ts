import type { Merged } from './merge.ts';
import type { FileView } from './package.ts';

/**
 * Which packages are made of files that a system package installed: purl → purl of the owner, when every place it was
 * found in belongs to one. Folders of owned paths are followed through symlinks, so `/lib/x` of a package that is older
 * than the merge of /usr owns `usr/lib/x`.
 */
export function findOwners(
  packages: readonly Merged[],
  systems: ReadonlySet<string>,
  view: FileView,
): Map<string, string> {
  const others = packages.filter(({ foundBy }) => !systems.has(foundBy));
  const wanted = new Set(others.flatMap(({ occurrences }) => occurrences));
  const owners = ownersOf(
    wanted,
    packages.filter(({ foundBy }) => systems.has(foundBy)),
    view,
  );
  const result = new Map<string, string>();
  for (const { purl, occurrences } of others) {
    const [first, ...rest] = occurrences.map((path) => owners.get(path));
    if (first && rest.every((owner) => owner !== undefined)) result.set(purl, first);
  }
  return result;
}

function ownersOf(wanted: ReadonlySet<string>, packages: readonly Merged[], view: FileView): Map<string, string> {
  // Few owned paths end like a wanted one, and only those are worth following through the tree.
  const names = new Set([...wanted].map(baseName));
  const owners = new Map<string, string>();
  const folders = new Map<string, string | undefined>();
  for (const { purl, ownsFiles = [] } of packages) {
    for (const path of ownsFiles) {
      const name = baseName(path);
      if (!names.has(name)) continue;
      const folder = path.slice(0, Math.max(path.length - name.length - 1, 0));
      if (!folders.has(folder)) folders.set(folder, view.resolve(folder));
      const real = folders.get(folder);
      if (real === undefined) continue;
      const found = real === '' ? name : `${real}/${name}`;
      if (wanted.has(found) && !owners.has(found)) owners.set(found, purl);
    }
  }
  return owners;
}

function baseName(path: string): string {
  return path.slice(path.lastIndexOf('/') + 1);
}
