import type { CopySource, Step } from '../semantic/model.ts';
import { resolveWorkdir } from '../semantic/paths.ts';
import { isInside, isWholeTree } from './context-paths.ts';
import type { LateInstall } from './late-installs.ts';

/** Files to copy alone: where they lie in the context, and where they go, relative to the target of the whole copy. */
export interface ManifestCopy {
  /** Folder below the copied one, with a `/` at its end; empty for the copied folder itself. */
  readonly folder: string;
  /** Names in that folder; empty for all of it. */
  readonly names: readonly string[];
}

/**
 * Which files of a copied tree an install reads. Undefined when the tree does not lie where the install looks for
 * them, or when that cannot be known.
 */
export function manifestCopies(late: LateInstall, copy: Step): readonly ManifestCopy[] | undefined {
  const root = treeRoot(copy);
  // A relative target and a run in the same unknown folder still fit together.
  const folder = late.folder ?? (isSameFolder(late, copy) ? unknownFolder : undefined);
  if (root === undefined || folder === undefined) return undefined;
  const copies = new Map<string, Set<string>>();
  for (const manifest of late.need.manifests ?? []) {
    const named = resolveWorkdir(folder, manifest);
    const path = named !== undefined && manifest.endsWith('/') ? `${named}/` : named;
    if (path === undefined || !isInside(path, root) || manifest.includes('$')) return undefined;
    const relative = root === '/' ? path.slice(1) : path.slice(root.length + 1);
    const slash = relative.lastIndexOf('/') + 1;
    const below = relative.slice(0, slash);
    // requirements/dev.txt says `-r base.txt`: such a folder is copied as a whole.
    const isFolderOfLists = below !== '' && /\.(txt|in)$/.test(relative);
    const names = copies.get(below) ?? new Set();
    if (!isFolderOfLists && slash < relative.length) names.add(relative.slice(slash));
    copies.set(below, names);
  }
  return [...copies].map(([below, names]) => ({ folder: below, names: [...names] }));
}

const unknownFolder = '/\0';

function isSameFolder({ step, need }: LateInstall, copy: Step): boolean {
  if (step.workdir !== undefined || need.folder !== undefined || step.stage !== copy.stage) return false;
  const between = step.stage.steps.slice(copy.index, step.index);
  const changesFolder = step.commands.some(({ name }) => name === 'cd' || name === 'pushd');
  return !changesFolder && between.every(({ instruction }) => instruction.keyword !== 'WORKDIR');
}

/** Where the one tree of a COPY goes to. */
function treeRoot({ copy, workdir }: Step): string | undefined {
  if (copy?.sources.length !== 1 || copy.targetPath === undefined || !treeFolder(copy.sources[0])) return undefined;
  return resolveWorkdir(workdir ?? unknownFolder, copy.targetPath);
}

/** The copied folder with a `/` at its end; `./` for the whole context. Undefined for files and wildcards. */
export function treeFolder(source: CopySource | undefined): string | undefined {
  const path = source?.path;
  if (source?.kind !== 'path' || path === undefined) return undefined;
  if (isWholeTree(path)) return /^\.?\/?$/.test(path) || path === './.' ? './' : undefined;
  return /[*?[]/.test(path) || /\.\w+$/.test(path) ? undefined : `${path.replace(/\/+\.?$/, '')}/`;
}
