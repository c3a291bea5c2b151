import { type ContextEntry, type ReadFolder, weighFolder } from './context-weight.ts';
import { readDockerIgnore } from './dockerignore.ts';
import type { BuildContext, Example } from './rule.ts';
import { resolveWorkdir } from './semantic/paths.ts';

/** The build context that an example describes. */
export function contextOf({ context }: Example): BuildContext | undefined {
  if (!context) return undefined;
  const { files, ignore, isGiven = false } = context;
  const ignoreFile = ignore === undefined ? undefined : { path: '.dockerignore', text: ignore };
  const known = { path: '.', isGiven, ...(ignoreFile ? { ignoreFile } : {}) };
  if (!files) return known;
  const read = folderReader(files);
  return {
    ...known,
    has: (path) => {
      const own = (resolveWorkdir('/', path) ?? '/').slice(1);
      return read(own).length > 0 || Object.hasOwn(files, own);
    },
    list: (folder) => {
      const names = read(folder).map(({ name }) => name);
      return names.length > 0 || folder === '' ? names : undefined;
    },
    weigh: (folder, isMarked) =>
      weighFolder(folder, read, isMarked, ignore === undefined ? undefined : readDockerIgnore(ignore)),
  };
}

/** A context as it would be with these files, in MB. */
function folderReader(files: Readonly<Record<string, number>>): ReadFolder {
  return (folder) => {
    const prefix = folder === '' ? '' : `${folder}/`;
    const found = new Map<string, ContextEntry>();
    for (const [path, size] of Object.entries(files)) {
      if (!path.startsWith(prefix)) continue;
      const [name = '', ...rest] = path.slice(prefix.length).split('/');
      found.set(name, { name, kind: rest.length > 0 ? 'folder' : 'file', bytes: () => size * 1_000_000 });
    }
    return [...found.values()];
  };
}
